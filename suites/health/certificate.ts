import { once } from 'node:events'
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls'

/** What a client at the other end of TLS is to trust. */
export interface TlsEntry {
  readonly host: string
  readonly port: number
  /** The name that clients ask for. The host unless told. */
  readonly name?: string
  /** The one authority that is trusted, as PEM. Those that Node brings along unless told. */
  readonly ca?: string
}

const dayMs = 86_400_000
const handshakeLimitMs = 10_000

/** Why clients would refuse the certificate, or soon will; nothing when all is well. Rejects when there is no TLS. */
export async function certificateProblems(
  { host, port, name = host, ca }: TlsEntry,
  at: { readonly nowMs: number; readonly leastDays: number },
): Promise<string[]> {
  // Trust and name are two questions; each gets its own answer below.
  const judgedBelow = { rejectUnauthorized: false, checkServerIdentity: () => undefined }
  const socket = connect({ host, port, servername: name, ...judgedBelow, ...(ca && { ca }) })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(handshakeLimitMs) })
    const certificate = socket.getPeerCertificate()
    const misnamed = checkServerIdentity(name, certificate)
    return [
      ...(socket.authorized ? [] : [`the certificate isn't trusted: ${String(socket.authorizationError)}`]),
      ...(misnamed ? [`the certificate doesn't cover ${name}: ${misnamed.message}`] : []),
      ...expiry(certificate, at),
    ]
  } finally {
    socket.destroy()
  }
}

function expiry(
  { valid_from, valid_to }: PeerCertificate,
  { nowMs, leastDays }: { nowMs: number; leastDays: number },
): string[] {
  const daysLeft = Math.floor((Date.parse(valid_to) - nowMs) / dayMs)
  if (nowMs < Date.parse(valid_from)) return [`the certificate begins ${valid_from}`]
  if (daysLeft < leastDays) return [`the certificate ends in ${daysLeft} days, ${valid_to}`]
  return []
}
