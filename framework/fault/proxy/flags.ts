/** What `toxiproxy-server` takes on its command line. */
export interface ProxyFlags {
  readonly host: string
  readonly port: number
  readonly config: string
  readonly namesPort: number | undefined
  readonly seed: number | undefined
  readonly proxyMetrics: boolean
  readonly runtimeMetrics: boolean
  readonly version: boolean
}

/** Flags that are fine, a call for help, or what is wrong with them. */
export type ParsedFlags =
  | { readonly kind: 'flags'; readonly flags: ProxyFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }

interface FlagShape {
  readonly help: string
  readonly kind: 'text' | 'integer' | 'switch'
}

const shapes: Readonly<Record<string, FlagShape>> = {
  config: { kind: 'text', help: 'JSON file with the proxies to create at the start' },
  host: { kind: 'text', help: 'Host on which the API listens (default "localhost")' },
  port: { kind: 'integer', help: 'Port on which the API listens (default "8474")' },
  'names-port': {
    kind: 'integer',
    help: 'UDP port on which the names of proxies, NAME.faultline.test, are resolved',
  },
  'proxy-metrics': { kind: 'switch', help: 'Serve the traffic of proxies at /metrics' },
  'runtime-metrics': { kind: 'switch', help: 'Serve what the process uses at /metrics' },
  seed: { kind: 'integer', help: 'Seed of toxicity, jitter and slice sizes: the same seed replays them' },
  version: { kind: 'switch', help: 'Print the version' },
}

/** How to call the command. */
export const usage = `Usage of faultline proxy:\n${Object.entries(shapes)
  .map(([name, { help }]) => `  -${name}\n    \t${help}\n`)
  .join('')}`

/** Reads flags as Go programs do: `-x v`, `-x=v`, `--x`; what is after the first that isn't a flag is ignored. */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const given: Record<string, string> = {}
  const rest = [...argv]
  for (let arg = rest.shift(); arg?.startsWith('-') && arg !== '-' && arg !== '--'; arg = rest.shift()) {
    const [, name, inline] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? []
    if (name === 'h' || name === 'help') return { kind: 'help' }
    const shape = shapes[name ?? '']
    if (name === undefined || !shape) return wrong(`flag provided but not defined: -${name ?? arg}`)
    const value = inline ?? (shape.kind === 'switch' ? 'true' : rest.shift())
    if (value === undefined) return wrong(`flag needs an argument: -${name}`)
    if (!isValid(shape, value))
      return wrong(`invalid value ${JSON.stringify(value)} for flag -${name}: parse error`)
    given[name] = value
  }
  return { kind: 'flags', flags: complete(given) }
}

function complete(given: Readonly<Record<string, string>>): ProxyFlags {
  const isOn = (name: string) => /^(1|t|true)$/i.test(given[name] ?? '')
  return {
    host: given['host'] ?? 'localhost',
    port: Number(given['port'] ?? 8474),
    config: given['config'] ?? '',
    namesPort: numberOf(given['names-port']),
    seed: numberOf(given['seed']),
    proxyMetrics: isOn('proxy-metrics'),
    runtimeMetrics: isOn('runtime-metrics'),
    version: isOn('version'),
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function isValid({ kind }: FlagShape, value: string): boolean {
  if (kind === 'integer') return /^[+-]?\d+$/.test(value)
  return kind === 'text' || /^(1|0|t|f|true|false)$/i.test(value)
}

function wrong(message: string): ParsedFlags {
  return { kind: 'wrong', message }
}
