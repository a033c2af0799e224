import { edgeOf, type LinkName, runnerNetwork, type Topology } from '#topology'
import type { ProxyToCreate } from './proxy.ts'

const control = 'runner.control'
const agent = 'runner.agent'

/** The runner's own network, as something that faults can act on: beside the edge, proxies before the control target and before the agent. */
export interface RunnerNetwork {
  readonly proxies: readonly ProxyToCreate[]
  /** Where the runner looks at the control target. */
  readonly controlUrl: string
  /** Where the runner reaches the agent. */
  readonly agentUrl: string
  /** Where the agent is to listen. */
  readonly agentPort: number
}

/** `controlUrl` is where the control target itself listens. */
export async function planRunnerNetwork(
  controlUrl: string,
  pool: { take(): Promise<number> },
): Promise<RunnerNetwork> {
  const agentPort = await pool.take()
  const toControl = `127.0.0.1:${await pool.take()}`
  const toAgent = `127.0.0.1:${await pool.take()}`
  return {
    proxies: [
      { name: control, listen: toControl, upstream: new URL(controlUrl).host },
      { name: agent, listen: toAgent, upstream: `127.0.0.1:${agentPort}` },
    ],
    controlUrl: `http://${toControl}/`,
    agentUrl: `ws://${toAgent}`,
    agentPort,
  }
}

/** The names of the proxies that a fault on `link` acts on, by those of the topology's own links. */
export function proxiesOnRunnerNetwork(
  link: LinkName,
  topology: Topology,
  proxiesOf: (link: LinkName) => readonly string[],
): readonly string[] {
  return link === runnerNetwork ? [...proxiesOf(edgeOf(topology)), control, agent] : proxiesOf(link)
}
