import { assumed, assumedMs, documentedMs } from './figure.ts'
import type { Profile } from './profile.ts'

const loss = 'no share fits all networks'

/** Slowness that only some see. */
export const tailProfiles: readonly Profile[] = [
  {
    name: 'brownout',
    models: 'A dependency that is up, and answers some connections very slowly.',
    toxics: [
      {
        type: 'latency',
        stream: 'downstream',
        toxicity: assumed(0.1, '', 'one connection in ten'),
        attributes: {
          latency: assumedMs(2000, 'about ten times a common p99'),
          jitter: assumedMs(500, 'a quarter of it'),
        },
      },
    ],
  },
  {
    name: 'packet-loss-tail',
    models:
      'What lost packets look like from above: now and then a retransmission’s wait. The share is drawn by connection, not by packet.',
    toxics: [
      {
        type: 'latency',
        stream: 'downstream',
        toxicity: assumed(0.01, '', loss),
        attributes: { latency: documentedMs(200, 'Linux, TCP_RTO_MIN: 200 ms') },
      },
      {
        type: 'latency',
        stream: 'downstream',
        toxicity: assumed(0.002, '', loss),
        attributes: { latency: documentedMs(1000, 'RFC 6298, the first timeout: 1 s') },
      },
    ],
  },
]
