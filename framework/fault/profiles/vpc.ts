import { assumed, assumedMs, documented, documentedMs, type Figure } from './figure.ts'
import type { Profile, ProfileToxic } from './profile.ts'

const scaling = 'cloud.google.com/vpc/docs/serverless-vpc-access#scaling'
const directEgress = 'cloud.google.com/run/docs/configuring/vpc-direct-vpc'
const noFigure = 'its documentation names the effect, no figure'

/** Connectors and egress of a serverless platform. */
export const vpcProfiles: readonly Profile[] = [
  {
    name: 'vpc-connector-steady',
    models: 'A Serverless VPC connector of two e2-micro instances that keeps up.',
    toxics: connector({
      rate: documented(25_000, 'KB/s', `${scaling}: 200 Mbps`),
      latency: assumedMs(3, noFigure),
      jitter: assumedMs(2, noFigure),
    }),
  },
  {
    name: 'vpc-connector-smallest',
    models: 'A Serverless VPC connector of two f1-micro instances.',
    toxics: connector({
      rate: documented(12_500, 'KB/s', `${scaling}: 100 Mbps`),
      latency: assumedMs(5, noFigure),
      jitter: assumedMs(4, noFigure),
    }),
  },
  {
    name: 'vpc-connector-surge',
    models:
      'A Serverless VPC connector under a surge: latency grows and throughput falls until further instances are there.',
    toxics: [
      {
        type: 'latency',
        stream: 'downstream',
        attributes: { latency: assumedMs(20, noFigure), jitter: assumedMs(10, noFigure) },
        schedule: ramp({ latency: assumedMs(250, noFigure), jitter: assumedMs(100, noFigure) }),
      },
      {
        type: 'shared_bandwidth',
        stream: 'downstream',
        attributes: { rate: documented(25_000, 'KB/s', `${scaling}: 200 Mbps`) },
        schedule: ramp({ rate: assumed(5000, 'KB/s', noFigure) }),
      },
    ],
  },
  {
    name: 'direct-vpc-cold-egress',
    models:
      'The first connects of a new Cloud Run instance with Direct VPC egress: they hang, then all is well.',
    toxics: [hang(documentedMs(60_000, `${directEgress}: a minute or more`, 10))],
  },
  {
    name: 'cloud-nat-cold-start',
    models: 'The first connects of a new Cloud Run instance that leaves by Cloud NAT.',
    toxics: [hang(documentedMs(30_000, `${directEgress}: 30 s or more`, 10))],
  },
  {
    name: 'syn-blackhole',
    models: 'A firewall that drops: connects neither succeed nor fail, kept connections go on.',
    toxics: [{ type: 'connect_hang', stream: 'downstream' }],
  },
  {
    name: 'security-group-deny',
    models: 'A port that nobody may reach: connects are refused, kept connections go on.',
    toxics: [{ type: 'refuse', stream: 'downstream' }],
  },
]

function connector(figures: { rate: Figure; latency: Figure; jitter: Figure }): ProfileToxic[] {
  const { rate, latency, jitter } = figures
  return [
    { type: 'latency', stream: 'downstream', attributes: { latency, jitter } },
    { type: 'shared_bandwidth', stream: 'downstream', attributes: { rate } },
    { type: 'shared_bandwidth', stream: 'upstream', attributes: { rate } },
  ]
}

function ramp(to: Readonly<Record<string, Figure>>) {
  return {
    kind: 'ramp',
    to,
    duration: assumedMs(30_000, 'time to add an instance', 10),
    hold: assumedMs(30_000, 'as long again at the worst', 10),
    back: assumedMs(10_000, 'once the instance is there', 10),
  }
}

function hang(duration: Figure): ProfileToxic {
  return { type: 'connect_hang', stream: 'downstream', schedule: { kind: 'oneshot', duration } }
}
