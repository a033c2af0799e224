import { expect, test } from 'vitest'
import { ChangeReader, type ContainerChange } from './changes.ts'

/** What a reader says to a list of events, each an action or an action with its attributes. */
function read(...events: (string | [string, Record<string, string>])[]): ContainerChange[] {
  const reader = new ChangeReader()
  return events.flatMap((event) => {
    const [Action, Attributes] = typeof event === 'string' ? [event, {}] : event
    return reader.read({ Action, Actor: { Attributes } }) ?? []
  })
}

const ended = (how: 'exited' | 'stopped' | 'oom-killed', code: number | null, signal: string | null) =>
  ({ kind: 'ended', how, code, signal }) as const

test('a process that ends by itself has exited, with its code', () => {
  expect(read('create', 'start', ['die', { exitCode: '1' }])).toEqual([
    { kind: 'started' },
    ended('exited', 1, null),
  ])
})

test('a process that its own failure ended has exited, with the signal', () => {
  expect(read('start', ['die', { exitCode: '139' }]).at(-1)).toEqual(ended('exited', null, 'SIGSEGV'))
})

test.each([
  ['politely', ['kill', { signal: '15' }], '0', 0, null],
  ['by force', ['kill', { signal: '9' }], '137', null, 'SIGKILL'],
] as const)(
  'a container that was ended %s was stopped, whoever did it',
  (_how, kill, exitCode, code, signal) => {
    expect(read('start', [...kill], ['die', { exitCode }], 'stop').at(-1)).toEqual(
      ended('stopped', code, signal),
    )
  },
)

test('a signal that ends nothing excuses no exit', () => {
  expect(read('start', ['kill', { signal: '1' }], ['die', { exitCode: '1' }]).at(-1)).toEqual(
    ended('exited', 1, null),
  )
})

test('a stop says nothing of the next incarnation', () => {
  const events = read('start', ['kill', { signal: '15' }], ['die', { exitCode: '0' }], 'start', [
    'die',
    { exitCode: '1' },
  ])
  expect(events.at(-1)).toEqual(ended('exited', 1, null))
})

test('running out of memory is told as such', () => {
  expect(read('start', 'oom', ['die', { exitCode: '137' }]).at(-1)).toEqual(
    ended('oom-killed', null, 'SIGKILL'),
  )
})

test('a frozen container is paused, then resumed', () => {
  expect(read('start', 'pause', 'unpause').slice(1)).toEqual([{ kind: 'paused' }, { kind: 'resumed' }])
})
