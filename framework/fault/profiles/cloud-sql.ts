import { assumedMs, documentedMs, type Figure } from './figure.ts'
import type { Profile, ProfileToxic } from './profile.ts'

const authProxy = 'github.com/GoogleCloudPlatform/cloud-sql-proxy/issues'
const availability = 'cloud.google.com/sql/docs/availability'

/** A managed PostgreSQL and the way to it. */
export const cloudSqlProfiles: readonly Profile[] = [
  {
    name: 'cloud-run-to-cloud-sql-cold',
    models:
      'A cold start on the way from Cloud Run to Cloud SQL: token, admin API, certificate and TLS come before the first byte of each new connection.',
    toxics: [
      {
        type: 'slow_accept',
        stream: 'downstream',
        attributes: { delay: assumedMs(800, `the steps of ${authProxy}/357, without figures`) },
      },
      {
        type: 'latency',
        stream: 'downstream',
        attributes: { latency: assumedMs(5, 'a warm connection between zones') },
      },
    ],
  },
  {
    name: 'auth-proxy-false-green',
    models:
      'A sidecar that accepts although the database can’t be reached: a check that only connects is green, and the connection ends much later.',
    toxics: [
      {
        type: 'timeout',
        stream: 'upstream',
        applies: 'new',
        attributes: {
          timeout: documentedMs(30_000, `${authProxy}/2467: from accepted to failed`, 10),
        },
      },
    ],
  },
  {
    name: 'cloud-sql-failover',
    models: 'The primary falls silent, its standby takes over: no answer, then refusals, then a new server.',
    toxics: failover(
      assumedMs(60_000, 'secondary reports; the documentation names a heartbeat each second', 10),
      assumedMs(30_000, 'secondary reports', 10),
    ),
  },
  {
    name: 'read-only-standby',
    models:
      'The way leads to a standby that isn’t promoted yet: connections are lost, and new sessions read and can’t write, until the way leads to a primary again and they are lost too.',
    toxics: [
      {
        type: 'cut',
        stream: 'downstream',
        schedule: { kind: 'oneshot', duration: assumedMs(50, 'long enough for every connection') },
      },
      { type: 'postgres_read_only', stream: 'upstream' },
    ],
  },
  {
    name: 'cloud-sql-maintenance',
    models:
      'Maintenance of the Enterprise edition: all connections are lost, new ones refused until it is over.',
    toxics: outage(documentedMs(30_000, `${availability}: less than 30 s`, 10)),
  },
  {
    name: 'cloud-sql-maintenance-plus',
    models: 'Maintenance of the Enterprise Plus edition.',
    toxics: outage(documentedMs(1000, `${availability}: less than 1 s`)),
  },
  {
    name: 'rolling-maintenance',
    models:
      'Maintenance of the network or of a fleet: again and again connections are reset and new ones refused.',
    toxics: (['cut', 'refuse'] as const).map((type) => ({
      ...{ type, stream: 'downstream' },
      schedule: {
        kind: 'flap',
        period: assumedMs(5000, 'Cloud Run documents that connections break, not how often'),
        duty: { value: 0.1, unit: '', basis: 'assumed', source: 'half a second each time' },
      },
    })),
  },
  {
    name: 'reset-after-commit',
    models: 'A lost acknowledgement: the write is committed, and its writer sees a reset.',
    toxics: [{ type: 'reset_after_commit', stream: 'downstream' }],
  },
]

function failover(silence: Figure, refusal: Figure): ProfileToxic[] {
  const silent = { kind: 'oneshot', duration: silence }
  const afterwards = { kind: 'oneshot', at: silence, duration: refusal }
  return [
    { type: 'timeout', stream: 'upstream', schedule: silent },
    { type: 'timeout', stream: 'downstream', schedule: silent },
    { type: 'cut', stream: 'downstream', schedule: afterwards },
    { type: 'refuse', stream: 'downstream', schedule: afterwards },
  ]
}

function outage(duration: Figure): ProfileToxic[] {
  const schedule = { kind: 'oneshot', duration }
  return [
    { type: 'cut', stream: 'downstream', schedule },
    { type: 'refuse', stream: 'downstream', schedule },
  ]
}
