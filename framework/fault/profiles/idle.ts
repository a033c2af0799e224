import { documentedMs } from './figure.ts'
import type { Profile } from './profile.ts'

/** What happens to a connection that nobody uses for a while. All are 100 times faster than in reality. */
export const idleProfiles: readonly Profile[] = [
  idle({
    name: 'cloud-nat-idle',
    models: 'Cloud NAT forgets an idle connection and tells nobody.',
    afterMs: 1_200_000,
    mode: 'silent',
    source: 'Compute API, RouterNat.tcpEstablishedIdleTimeoutSec: 1200',
  }),
  idle({
    name: 'gcp-vpc-idle',
    models: 'Google Cloud’s VPC network stops tracking an idle connection.',
    afterMs: 600_000,
    mode: 'silent',
    source: 'Compute Engine’s troubleshooting of networks: 10 minutes',
  }),
  idle({
    name: 'azure-lb-idle',
    models: 'Azure’s load balancer drops an idle connection, by default without a reset.',
    afterMs: 240_000,
    mode: 'silent',
    source: 'learn.microsoft.com, load-balancer-tcp-idle-timeout: 4 minutes',
  }),
  idle({
    name: 'aws-nat-idle',
    models: 'AWS’s NAT gateway forgets an idle connection, and resets who speaks next.',
    afterMs: 350_000,
    mode: 'rst',
    source: 'repost.aws/knowledge-center/vpc-troubleshoot-nat-gateway-connection: 350 s',
  }),
  idle({
    name: 'aws-nlb-idle',
    models: 'AWS’s Network Load Balancer forgets an idle flow, and resets who speaks next.',
    afterMs: 350_000,
    mode: 'rst',
    source: 'docs.aws.amazon.com/elasticloadbalancing, update-idle-timeout: 350 s',
  }),
  idle({
    name: 'aws-alb-idle',
    models: 'AWS’s Application Load Balancer closes an idle connection.',
    afterMs: 60_000,
    mode: 'fin',
    source: 'docs.aws.amazon.com/elasticloadbalancing, edit-load-balancer-attributes: 60 s',
  }),
]

interface IdleTimer extends Pick<Profile, 'name' | 'models'> {
  readonly afterMs: number
  readonly mode: 'silent' | 'rst' | 'fin'
  readonly source: string
}

function idle({ name, models, afterMs, mode, source }: IdleTimer): Profile {
  const attributes = { after: documentedMs(afterMs, source, 100), mode }
  return { name, models, toxics: [{ type: 'idle_death', stream: 'downstream', attributes }] }
}
