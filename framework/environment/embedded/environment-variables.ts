import { linkName } from '#topology'
import { pick, type Variables } from '../basics.ts'
import type { NodeService } from '../define.ts'
import type { Addresses } from './plan.ts'

/** The environment of one service: what it uses, each over its own link, and what its definition names. */
export function serviceEnvironment(
  name: string,
  service: NodeService,
  context: {
    readonly base: Readonly<Record<string, string>>
    readonly inherited: Variables
    readonly addresses: Addresses
    /** Where the service is to listen. */
    readonly host: string
    readonly port: number
    readonly buildId: string | undefined
  },
): Record<string, string> {
  const uses = Object.entries(service.uses).map(([to, use]) => [
    use.variable,
    context.addresses.overAsService(linkName(name, to)),
  ])
  return {
    ...context.base,
    ...(context.buildId !== undefined && { BUILD_ID: context.buildId }),
    ...pick(context.inherited, service.inherit),
    ...service.env,
    ...Object.fromEntries(uses),
    HOST: context.host,
    PORT: String(context.port),
  }
}
