import type { RunningEnvironment } from '#environment'
import { type ConnectionKind, connectAgent, createProber, type Observation, type ProbeTarget } from '#probe'

/** Looks at everything that an environment declares, from every vantage that it has. Its probes keep connections between looks. */
export interface Looker extends AsyncDisposable {
  /** One round: every target, on a new connection and then on the kept one. */
  look(signal: AbortSignal): Promise<Observation[]>
}

const agentLimitMs = 5000

/** Throws FL3001 and FL3002 when the agent can't be reached or refuses. */
export async function createLooker(
  environment: RunningEnvironment,
  probes: readonly ProbeTarget[],
  signal: AbortSignal,
): Promise<Looker> {
  await using opened = new AsyncDisposableStack()
  const probers = [...environment.runnerTargets, ...probes].map((target) => opened.use(createProber(target)))
  const agent = environment.agent
    ? opened.use(await connectAgent({ ...environment.agent, signal, timeoutMs: agentLimitMs }))
    : undefined
  const stack = opened.move()
  const lookAll = (connection: ConnectionKind, lookSignal: AbortSignal) => [
    ...probers.map((prober) => prober.look(connection, lookSignal)),
    ...(agent?.targets ?? []).map((target) => agent!.look(target, connection, lookSignal)),
  ]
  // Opens the connections that are kept, so that the first round already has looks on kept ones.
  await Promise.all(lookAll('kept', signal))
  return {
    async look(lookSignal) {
      const onNew = await Promise.all(lookAll('new', lookSignal))
      const onKept = await Promise.all(lookAll('kept', lookSignal))
      return [...onNew, ...onKept]
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
