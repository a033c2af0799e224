import { spawn } from 'node:child_process'
import { FaultlineError } from '#core'

/** Another user, to run a program as. */
export interface UserId {
  readonly uid: number
  readonly gid: number
}

/**
 * Runs a program to its end and gives what it printed. Rejects with FL2001, and the end of what it printed,
 * when it fails; it is killed when `signal` aborts.
 */
export function runCommand(
  file: string,
  args: readonly string[],
  options: {
    cwd?: string
    user?: UserId | undefined
    input?: string
    environment?: Record<string, string>
    signal: AbortSignal
  },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      cwd: options.cwd ?? '/',
      env: options.environment ?? { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' },
      signal: options.signal,
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.user ?? {}),
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    // A program that ends without reading its input is judged by its exit.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.once('error', (cause) => {
      if (options.signal.aborted) reject(options.signal.reason)
      else reject(new FaultlineError('FL2001', `${file} could not be started: ${cause.message}`, { cause }))
    })
    child.once('close', (code, signal) => {
      if (code === 0) resolve(text)
      else
        reject(
          new FaultlineError(
            'FL2001',
            `${file} failed (${signal ?? `code ${code}`}): ${text.trim().slice(-800)}`,
          ),
        )
    })
  })
}
