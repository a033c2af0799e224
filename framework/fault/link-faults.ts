import { FaultlineError, messageOf } from '#core'
import type { LinkName } from '#topology'
import { createHandle } from './handle.ts'
import type { Bit, FaultHandle, LinkFaults } from './ports.ts'
import { findProfile, toxicsOfProfile } from './profiles/index.ts'
import type { LedgerIndexBody } from './proxy/index.ts'
import { bitByRelay } from './relay.ts'
import type { LinkFaultSpec, ProfileFaultSpec } from './spec.ts'
import { createToxiproxyDriver, isFurther, type ToxicSpec, type ToxiproxyDriver } from './toxiproxy.ts'

/** How link faults reach a Toxiproxy, real or embedded. */
export interface LinkFaultsOptions {
  /** Of the control API. */
  readonly apiUrl: string
  /** Every proxy that stands on the link, one for each client of it. */
  proxiesOf(link: LinkName): readonly string[]
  /** Where a Toxiproxy keeps no ledger: the API of the relay behind it, whose proxies have the same names. */
  readonly ledgerUrl?: string
  /** For each call of the control API; 5000 unless given. */
  readonly callLimitMs?: number
}

/** Whether new connections come to nothing before the proxy hears of them: its ledger doesn't count them. */
export function isRefusing(spec: LinkFaultSpec | ProfileFaultSpec): boolean {
  return spec.fault === 'link-down' || toxicsOf(spec).some(isUnseen)
}

const onConnecting: readonly string[] = ['refuse', 'connect_hang', 'slow_accept', 'dns']

/** Whether it is done to connecting: connections that stand don't notice it. */
export function isOnConnecting({ type }: Pick<ToxicSpec, 'type'>): boolean {
  return onConnecting.includes(type)
}

/** The kernel refuses, or lets hang, what the proxy never hears of. */
function isUnseen({ type }: ToxicSpec): boolean {
  return type === 'refuse' || type === 'connect_hang'
}

/** What was done to one proxy. */
interface Change {
  undo(): Promise<void>
  /** How many connections it changed, by the proxy's ledger. */
  count(ledger: LedgerIndexBody): number
  readonly isUnseen?: boolean
  /** The relay does it, and counts whom it changed. */
  readonly isOnRelay?: boolean
}

/** Puts faults on links through Toxiproxy's API. Each fault is on every proxy of its link, or on none. */
export function createLinkFaults(options: LinkFaultsOptions): LinkFaults {
  const { apiUrl, ledgerUrl, callLimitMs = 5000 } = options
  const driver = createToxiproxyDriver(apiUrl, callLimitMs)
  const relay = ledgerUrl === undefined ? undefined : createToxiproxyDriver(ledgerUrl, callLimitMs)
  const downs = new DownHolds(driver)
  let sequence = 0
  return {
    async inject(spec) {
      const proxies = options.proxiesOf(spec.target.name)
      if (proxies.length === 0)
        throw new FaultlineError('FL4001', `No fault proxy stands on the link ${spec.target.name}`)
      const before = await (relay ?? driver).ledger()
      const id = ++sequence
      const changes: Change[] = []
      const undo = () => undoAll(changes)
      let after: LedgerIndexBody | undefined
      try {
        for (const proxy of proxies) {
          const name = `faultline-${process.pid}-${id}`
          if (spec.fault === 'link-down') changes.push(await downs.disable(proxy, before?.[proxy]?.cut ?? 0))
          else
            for (const [index, toxic] of toxicsOf(spec).entries()) {
              const isOnRelay = relay !== undefined && isForRelay(spec, toxic)
              const change = await addToxic(`${name}-${index}`, proxy, toxic, isOnRelay ? relay : driver)
              changes.push({ ...change, isOnRelay })
            }
        }
        after = await relay?.ledger()
      } catch (error) {
        await undo().catch(() => {})
        throw error
      }
      if (!relay) return createHandle(undo, () => bit(driver, changes))
      if (!before || !after) return createHandle(undo, async () => null)
      return witnessed(relay, undo, (now) => {
        if (changes.some((change) => change.count(now) > 0)) return true
        if (changes.length > 0 && changes.every((change) => change.isOnRelay)) return false
        return bitByRelay(spec.fault, proxies, { before, after, now })
      })
    },
  }
}

/** The handle of a fault that a relay's ledger witnesses. */
function witnessed(
  relay: ToxiproxyDriver,
  undo: () => Promise<void>,
  bitBy: (ledger: LedgerIndexBody) => Bit,
): FaultHandle {
  // A ledger that can't be read must not keep the fault from being undone.
  const look = () => relay.ledger().catch(() => undefined)
  let last: LedgerIndexBody | undefined
  return createHandle(
    async () => {
      // What comes through once the fault is off says nothing about it.
      last ??= await look()
      await undo()
    },
    async () => {
      const ledger = last ?? (await look())
      return ledger ? bitBy(ledger) : null
    },
  )
}

/**
 * What the relay behind a Toxiproxy does. Of a silent link it keeps the client's bytes from the server: Toxiproxy before it would
 * drop requests that the ledger then couldn't count. And it does what Toxiproxy can't, but for what is done to connecting: the
 * connection that it sees made is Toxiproxy's, and the client's stands by then.
 */
function isForRelay({ fault }: LinkFaultSpec | ProfileFaultSpec, toxic: ToxicSpec): boolean {
  if (fault === 'link-silent') return toxic.stream === 'upstream'
  return isFurther(toxic) && !isOnConnecting(toxic)
}

function toxicsOf(spec: LinkFaultSpec | ProfileFaultSpec): readonly ToxicSpec[] {
  const both = (type: string) =>
    (['upstream', 'downstream'] as const).map((stream) => ({ type, stream, attributes: { timeout: 0 } }))
  switch (spec.fault) {
    case 'link-down':
      return []
    case 'link-silent':
      return both('timeout')
    case 'reset':
      return both('reset_peer')
    case 'latency': {
      const latency = Math.round(spec.amountMs ?? 0)
      return [{ type: 'latency', stream: 'downstream', attributes: { latency, jitter: 0 } }]
    }
    case 'profile': {
      const profile = findProfile(spec.profile)
      if (!profile) throw new FaultlineError('FL1006', `There is no profile ${spec.profile}`)
      return toxicsOfProfile(profile)
    }
  }
}

interface DownHold {
  count: number
  readonly wasEnabled: Promise<boolean>
}

/** Two faults may hold one proxy down: the last that lets go of it enables it. */
class DownHolds {
  readonly #driver: ToxiproxyDriver
  readonly #holds = new Map<string, DownHold>()

  constructor(driver: ToxiproxyDriver) {
    this.#driver = driver
  }

  async disable(proxy: string, cutBefore: number): Promise<Change> {
    const hold = this.#holds.get(proxy) ?? { count: 0, wasEnabled: this.#driver.disable(proxy) }
    hold.count++
    this.#holds.set(proxy, hold)
    await hold.wasEnabled.catch((error: unknown) => {
      this.#holds.delete(proxy)
      throw error
    })
    return {
      undo: () => this.#release(proxy, hold),
      count: (ledger) => (ledger[proxy]?.cut ?? 0) - cutBefore,
    }
  }

  async #release(proxy: string, hold: DownHold): Promise<void> {
    if (hold.count > 1) return void hold.count--
    if (await hold.wasEnabled) await this.#driver.enable(proxy)
    this.#holds.delete(proxy)
  }
}

async function addToxic(
  name: string,
  proxy: string,
  toxic: ToxicSpec,
  driver: ToxiproxyDriver,
): Promise<Change> {
  await driver.addToxic(proxy, name, toxic)
  return {
    undo: () => driver.removeToxic(proxy, name),
    count: (ledger) => ledger[proxy]?.affectedBy[name] ?? 0,
    isUnseen: isUnseen(toxic),
  }
}

async function bit(driver: ToxiproxyDriver, changes: readonly Change[]): Promise<Bit> {
  const ledger = await driver.ledger()
  if (!ledger) return null
  if (changes.some((change) => change.count(ledger) > 0)) return true
  return changes.some((change) => change.isUnseen) ? null : false
}

/** Undoes the last first; one that fails doesn't keep the others on. */
async function undoAll(changes: readonly Change[]): Promise<void> {
  const failures: unknown[] = []
  for (const change of changes.toReversed())
    await change.undo().catch((error: unknown) => failures.push(error))
  if (failures.length > 0)
    throw new FaultlineError('FL4001', failures.map(messageOf).join('; '), { cause: failures[0] })
}
