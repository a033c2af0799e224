import { isOnName, profileNames } from '#fault'
import {
  type Cell,
  environmentFault,
  everyTier,
  never,
  nothing,
  runnerFault,
  withAgent,
  withPlatform,
} from '../cell.ts'
import type { Bite, Decidable, Truth } from '../label.ts'

/** Infrastructure that is hurt while the change is sound. */
export function infrastructureCells(): Cell[] {
  return [...onLinks(), ...onClients(), ...onNames(), ...onServices(), ...onRunner(), ...byProfiles()]
}

function cell(
  fault: string,
  truth: Truth,
  decidable: Decidable,
  options: { bite?: Bite; files?: readonly string[]; more?: readonly string[] } = {},
): Cell {
  const { bite = 'expected', files, more = [] } = options
  return {
    name: [fault, ...more].join(' + '),
    family: 'infrastructure',
    defect: null,
    truth,
    decidable,
    bite,
    faults: [fault, ...more],
    defects: [],
    ...(files && { files }),
  }
}

/** Down and silent for good and for a while, slow, reset; on each link that a test needs. */
function onLinks(): Cell[] {
  const hard = ['link-down', 'link-silent', 'reset']
  const windows = ['0s-', '0s-2s', '700ms-', '700ms-3s']
  const database = environmentFault('app/database', 'database')
  return [
    ...hard.flatMap((fault) =>
      windows.map((window) => cell(`${fault}@app/database:${window}`, database, withAgent)),
    ),
    ...hard.flatMap((fault) =>
      ['0s-', '0s-2s'].map((window) =>
        cell(`${fault}@client/app:${window}`, environmentFault('client/app'), withAgent),
      ),
    ),
    ...hard.flatMap((fault) =>
      ['0s-', '0s-3s'].map((window) =>
        // A service that we own is behind it: only the platform knows that it ran untouched, and of a silence not even that one.
        cell(
          `${fault}@app/auth:${window}`,
          environmentFault('app/auth'),
          fault === 'link-silent' ? never : withPlatform,
        ),
      ),
    ),
    ...hard.map((fault) =>
      cell(`${fault}@auth/database:0s-`, environmentFault('auth/database', 'database'), withAgent),
    ),
    ...['app/database', 'client/app', 'app/auth'].map((link) =>
      cell(
        `latency=3s@${link}:0s-`,
        environmentFault(link, ...(link === 'app/database' ? ['database'] : [])),
        link === 'app/auth' ? withPlatform : withAgent,
      ),
    ),
    ...['link-down', 'link-silent'].map((fault) =>
      cell(`${fault}@app/analytics:0s-`, nothing, everyTier, { bite: 'none' }),
    ),
    ...['link-down', 'link-silent', 'reset'].map((fault) =>
      cell(`${fault}@app/model:0s-`, environmentFault('app/model', 'model'), withAgent, {
        bite: 'possible',
      }),
    ),
    cell('link-down@app/database:before', database, withAgent),
    cell('link-silent@app/database:before', database, withAgent),
    cell('link-down@client/app:before', environmentFault('client/app'), withAgent),
    cell('link-down@app/database:500ms-1200ms', database, withAgent, { bite: 'possible' }),
    cell(
      'link-down@app/database:0s-',
      environmentFault('app/database', 'database', 'client/app'),
      withAgent,
      {
        more: ['link-down@client/app:0s-'],
      },
    ),
    cell('link-down@app/database:0s-', database, withAgent, { more: ['link-down@app/analytics:0s-'] }),
    cell('link-silent@app/database:0s-2s', database, withAgent, { more: ['stopped@model:0s-'] }),
    cell('link-down@app/database:0s-1s', database, withAgent, { more: ['link-down@app/database:2s-3s'] }),
  ]
}

/** One client of a link alone. The application's: nobody else sees it, so nobody can tell it from the application's own doing. */
function onClients(): Cell[] {
  return ['link-down', 'link-silent'].flatMap((fault) => [
    cell(`${fault}@app/database#agent:0s-`, nothing, everyTier, { bite: 'none' }),
    cell(`${fault}@app/database#app:0s-`, environmentFault('app/database', 'database'), never),
    cell(`${fault}@app/database#app:0s-`, environmentFault('app/database', 'database'), withAgent, {
      more: [`${fault}@app/database#agent:0s-`],
    }),
  ])
}

/** Names that can't be looked up: whoever has its connections goes on, and who needs new ones doesn't. */
function onNames(): Cell[] {
  const database = environmentFault('app/database', 'database')
  return [
    cell('profile:dns-nxdomain@app/database:before', database, withAgent),
    cell('profile:dns-silent@app/database:before', database, withAgent),
    cell(
      'profile:dns-nxdomain@auth/database:before',
      environmentFault('auth/database', 'database'),
      withAgent,
    ),
    // Behind it is a service that we own: see onLinks.
    cell('profile:dns-servfail@app/auth:0s-', environmentFault('app/auth'), withPlatform),
    cell('profile:dns-servfail@app/database:0s-', database, withAgent, {
      more: ['reset@app/database:0s-2s'],
    }),
    cell('profile:dns-nxdomain@app/model:0s-', environmentFault('app/model', 'model'), withAgent, {
      bite: 'possible',
    }),
    cell('profile:dns-nxdomain@app/database#agent:0s-', nothing, everyTier, { bite: 'none' }),
  ]
}

function onServices(): Cell[] {
  const database = environmentFault('database', 'app/database', 'auth/database')
  return [
    ...['stopped', 'frozen'].flatMap((fault) =>
      ['0s-', '0s-2s', '700ms-'].map((window) => cell(`${fault}@database:${window}`, database, withAgent)),
    ),
    cell('stopped@database:before', database, withAgent),
    cell('restarted@database:300ms-', database, withAgent, { bite: 'possible' }),
    cell('killed@database:300ms-', database, withAgent, { bite: 'possible' }),
    cell('stopped@model:0s-', environmentFault('model', 'app/model'), withAgent, { bite: 'possible' }),
    cell('frozen@model:0s-', environmentFault('model', 'app/model'), withAgent, { bite: 'possible' }),
    cell('stopped@analytics:0s-', nothing, everyTier, { bite: 'none' }),
    // Services that we own: a stop by the platform is an event; an end by a signal, or a freeze, could be the service's own.
    cell('stopped@app:500ms-', environmentFault('app'), withPlatform),
    cell('stopped@auth:0s-', environmentFault('auth', 'app/auth'), withPlatform),
    ...['500ms-', 'before'].map((window) =>
      cell(`stopped@app:${window}`, environmentFault('app', 'auth', 'app/auth'), withPlatform, {
        more: [`stopped@auth:${window}`],
      }),
    ),
    cell('killed@app:500ms-', environmentFault('app'), never, { more: ['killed@auth:500ms-'] }),
    cell('killed@app:500ms-', environmentFault('app'), never),
    cell('frozen@app:500ms-', environmentFault('app'), never),
    cell('frozen@auth:0s-', environmentFault('auth', 'app/auth'), never),
    cell('restarted@app:500ms-', environmentFault('app'), withPlatform, { bite: 'possible' }),
    // Nobody looked.
    ...['link-down@app/database:0s-', 'link-silent@app/database:0s-', 'stopped@database:0s-'].map((fault) =>
      cell(fault, database, never, { more: ['stopped@monitor', 'stopped@agent'] }),
    ),
  ]
}

/** Its network is told from everybody's by the agent, once that can be asked again. */
function onRunner(): Cell[] {
  const network = (fault: string, window: string) => `${fault}@runner/network:${window}`
  return [
    cell('cpu@runner:0s-', runnerFault, everyTier, { bite: 'possible' }),
    ...['link-down', 'link-silent'].flatMap((fault) => [
      ...['0s-2s', '700ms-3s'].map((window) => cell(network(fault, window), runnerFault, withAgent)),
      cell(network(fault, '0s-'), runnerFault, never),
    ]),
    cell(network('reset', '0s-2s'), runnerFault, withAgent, { bite: 'possible' }),
    cell(network('latency=3s', '0s-3s'), runnerFault, withAgent, { bite: 'possible' }),
    cell(network('profile:brownout', '0s-'), runnerFault, never, { bite: 'possible' }),
  ]
}

/** Every profile on the way to the database; those that a client could meet, on the way to the application too. */
function byProfiles(): Cell[] {
  return profileNames().flatMap((name) => {
    const decidable = isPartial(name) ? never : withAgent
    const on = (link: string, truth: Truth) =>
      cell(`profile:${name}@${link}:0s-`, truth, decidable, { bite: 'possible' })
    const inside = on('app/database', environmentFault('app/database', 'database'))
    return isOnName(name) ? [inside] : [inside, on('client/app', environmentFault('client/app'))]
  })
}

/** Trouble that hits by chance: whether the agent meets what a test met can't be promised. */
function isPartial(profile: string): boolean {
  return /loss|brownout|instance-dead|idle|rolling|flap|partial|large|reset-after/.test(profile)
}
