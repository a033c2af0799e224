/**
 * Given to Node's `--import`: the names below a zone are resolved by the name server that `FAULTLINE_NAMES` names, as
 * `ZONE@HOST:PORT`, and all others as ever. It is loaded into users' programs, so it imports nothing of ours.
 */
import dns, { type LookupAddress, type LookupOptions } from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { promisify } from 'node:util'

type Callback = (
  error: NodeJS.ErrnoException | null,
  address?: string | LookupAddress[],
  family?: number,
) => void

/** Of resolv.conf(5), five times shorter: two attempts of five seconds each. */
const patience = { timeout: 1000, tries: 2 }

const [zone, server] = (process.env['FAULTLINE_NAMES'] ?? '').split('@')
if (zone && server) resolveNamesOf(zone, server)

function resolveNamesOf(zone: string, server: string): void {
  const resolver = new dns.Resolver(patience)
  resolver.setServers([server])
  const system = dns.lookup
  const ours = (name: string, given: LookupOptions | number | Callback, callback?: Callback): void => {
    if (!name.endsWith(`.${zone}`)) {
      Reflect.apply(system, dns, [name, given, callback])
      return
    }
    const done = callback ?? (given as Callback)
    const isForAll = typeof given === 'object' && given.all === true
    resolver.resolve4(name, (error, addresses) => {
      if (error) done(asFromTheSystem(error, name))
      else if (isForAll) done(null, addresses.map(v4))
      else done(null, addresses[0], 4)
    })
  }
  // With what `util.promisify` reads off it.
  Object.defineProperties(ours, Object.getOwnPropertyDescriptors(system))
  Object.assign(dns, { lookup: ours })
  const systemPromised = dns.promises.lookup
  const promised = promisify(ours as unknown as typeof dns.lookup)
  Object.assign(dns.promises, {
    lookup: (name: string, options?: LookupOptions) =>
      name.endsWith(`.${zone}`) ? promised(name, options ?? {}) : systemPromised(name, options as object),
  })
  syncBuiltinESMExports()
}

function v4(address: string): LookupAddress {
  return { address, family: 4 }
}

/** The error that getaddrinfo(3) makes of it: who asks doesn't meet that somebody else resolves. */
function asFromTheSystem({ code }: NodeJS.ErrnoException, hostname: string): NodeJS.ErrnoException {
  const said = code === 'ENOTFOUND' || code === 'ENODATA' ? 'ENOTFOUND' : 'EAI_AGAIN'
  return Object.assign(new Error(`getaddrinfo ${said} ${hostname}`), {
    code: said,
    errno: said === 'ENOTFOUND' ? -3008 : -3001,
    syscall: 'getaddrinfo',
    hostname,
  })
}
