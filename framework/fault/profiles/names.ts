import { assumedMs } from './figure.ts'
import type { Profile } from './profile.ts'

/** What happens to looking up where the far end is. Whoever has its connections goes on. */
export const nameProfiles: readonly Profile[] = [
  {
    name: 'dns-nxdomain',
    models:
      'The name of the far end is gone: its record was deleted, or its private zone isn’t attached to this network any more. As with all that happens to names, kept connections go on.',
    toxics: [{ type: 'dns', stream: 'downstream', attributes: { answer: 'nxdomain' } }],
  },
  {
    name: 'dns-servfail',
    models: 'The name server is reached, and can’t say: what it asks in turn is away.',
    toxics: [{ type: 'dns', stream: 'downstream', attributes: { answer: 'servfail' } }],
  },
  {
    name: 'dns-silent',
    models:
      'No word from the name server: every look-up takes as long as the resolver is patient, and fails.',
    toxics: [{ type: 'dns', stream: 'downstream', attributes: { answer: 'silent' } }],
  },
  {
    name: 'dns-slow',
    models: 'Every look-up succeeds, and takes nearly as long as a resolver waits for one answer.',
    toxics: [
      {
        type: 'dns',
        stream: 'downstream',
        attributes: { delay: assumedMs(4000, 'resolv.conf(5) gives an answer 5 s', 5) },
      },
    ],
  },
]
