import { edgeOf, type LinkName, runnerNetwork, type Topology } from '#topology'
import type { ProxyToCreate } from './proxy.ts'

const control = 'runner.control'
const agent = 'runner.agent'

/**
 * The runner's own network, as something that faults can act on: beside the edge, proxies before the control target and before the
 * agent. `ports` are theirs.
 */
export class RunnerNetwork {
  readonly #controlUrl: string
  readonly #ports: { readonly control: number; readonly agent: number }

  constructor(controlUrl: string, ports: { readonly control: number; readonly agent: number }) {
    this.#controlUrl = controlUrl
    this.#ports = ports
  }

  /** Where the runner looks at the control target. */
  get controlUrl(): string {
    return `http://127.0.0.1:${this.#ports.control}/`
  }

  controlProxy(): ProxyToCreate {
    return proxy(control, this.#ports.control, this.#controlUrl)
  }

  /** Where the runner reaches an agent that listens at `url`, and the proxy on the way there. */
  toAgent(url: string): { readonly url: string; readonly proxy: ProxyToCreate } {
    return { url: `ws://127.0.0.1:${this.#ports.agent}`, proxy: proxy(agent, this.#ports.agent, url) }
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

function proxy(name: string, port: number, url: string): ProxyToCreate {
  return { name, listen: `127.0.0.1:${port}`, upstream: new URL(url).host }
}
