import { linkName } from '#topology'
import type { NodeService } from '../define.ts'
import type { Addresses } from './plan.ts'

/** What any program may need of its surroundings; everything else stays behind. */
const basics = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ']

/** The environment that every child of a run begins with. Node's compile cache halves the start of a service. */
export function basicsOf(
  inherited: Readonly<Record<string, string | undefined>>,
  compileCache: string,
): Record<string, string> {
  return { ...pick(inherited, basics), NODE_COMPILE_CACHE: compileCache }
}

/** The environment of one service: what it uses, each over its own link, and what its definition names. */
export function serviceEnvironment(
  name: string,
  service: NodeService,
  context: {
    readonly base: Readonly<Record<string, string>>
    readonly inherited: Readonly<Record<string, string | undefined>>
    readonly addresses: Addresses
    readonly port: number
    readonly buildId: string | undefined
  },
): Record<string, string> {
  const uses = Object.entries(service.uses).map(([to, use]) => [
    use.variable,
    context.addresses.over(linkName(name, to)),
  ])
  return {
    ...context.base,
    ...(context.buildId !== undefined && { BUILD_ID: context.buildId }),
    ...pick(context.inherited, service.inherit),
    ...service.env,
    ...Object.fromEntries(uses),
    HOST: '127.0.0.1',
    PORT: String(context.port),
  }
}

function pick(
  from: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const found = names.map((name) => [name, from[name]]).filter(([, value]) => value !== undefined)
  return Object.fromEntries(found)
}
