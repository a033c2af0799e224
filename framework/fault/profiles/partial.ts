import { assumed, assumedMs, documented } from './figure.ts'
import type { Profile } from './profile.ts'

/** Trouble that hits some connections, some payloads or some moments, and leaves the rest alone. */
export const partialProfiles: readonly Profile[] = [
  {
    name: 'connector-instance-dead',
    models:
      'One of a connector’s five instances is dead: connections that are given to it connect, and never hear a byte.',
    toxics: [
      {
        type: 'timeout',
        stream: 'downstream',
        toxicity: assumed(0.2, '', 'one of five'),
        attributes: { timeout: assumedMs(0, 'nobody is told') },
      },
    ],
  },
  {
    name: 'large-answers-stall',
    models:
      'What a path does that loses large packets and the word that they were too large: small answers come, large ones crawl.',
    toxics: [
      {
        type: 'bandwidth',
        stream: 'downstream',
        attributes: { rate: assumed(5, 'KB/s', 'less than a large answer needs within any usual limit') },
      },
    ],
  },
  {
    name: 'one-way-silence',
    models:
      'Requests get through, and the answers don’t: a route or a firewall rule that is right in one direction only.',
    toxics: [
      { type: 'timeout', stream: 'downstream', attributes: { timeout: assumedMs(0, 'nobody is told') } },
    ],
  },
  {
    name: 'no-healthy-backend',
    models: 'A load balancer that has nobody to send requests to: each is answered 503 at once.',
    toxics: [
      {
        type: 'http_response',
        stream: 'upstream',
        attributes: {
          status: documented(503, '', 'RFC 9110, 15.6.4: what is sent when no server is available'),
          retry_after_s: assumed(1, 's', 'balancers differ, and many send none'),
        },
      },
    ],
  },
]
