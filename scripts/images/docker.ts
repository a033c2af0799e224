import { spawn } from 'node:child_process'

/** The label that says what an image was made from. */
export const contentLabel = 'faultline.content'

/** Runs a program and gives what it printed on stdout. Rejects with the end of what it printed on stderr when it fails. */
export function run(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0
        ? resolve(out.trim())
        : reject(new Error(`${file} ${args[0]} failed (code ${code}): ${err.trim().slice(-800)}`)),
    )
  })
}

/** What an image was made from, or undefined when there is none of that name. */
export async function contentOf(image: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${contentLabel}"}}`
  return run('docker', ['image', 'inspect', '--format', format, image]).catch(() => undefined)
}

/** Builds an image from a folder with a Dockerfile, without a registry. */
export async function build(image: string, folder: string, content: string): Promise<void> {
  await run('docker', ['build', '--quiet', '--label', `${contentLabel}=${content}`, '--tag', image, folder], {
    // The builder that every engine has; BuildKit would ask a registry about the base image.
    DOCKER_BUILDKIT: '0',
  })
}
