import { expect, test } from 'vitest'
import { blocksOf } from '../../scripts/docs/pages.ts'
import { mustFit } from '../../scripts/docs/transcript.ts'
import { run } from '../remote/commands.ts'
import { root } from './gate-command.ts'

const exits: Readonly<Record<string, number>> = { PASS: 0, BLOCK: 1, HOLD: 75 }
const tour = blocksOf('README.md').filter(({ mark }) => mark === 'tour')

test('the README’s tour passes, holds and blocks', () => {
  expect(tour.map(({ text }) => /^(PASS|HOLD|BLOCK)/m.exec(text)?.[1])).toEqual(['PASS', 'HOLD', 'BLOCK'])
})

test.each(tour.map(({ text }) => [/^\$ (.*)$/m.exec(text)![1]!, text]))(
  '%s says what the README shows',
  async (command, text) => {
    const { exitCode, output } = await run('bash', ['-c', command], { cwd: root, env: { NO_COLOR: '1' } })
    mustFit(text, output)
    expect(exitCode).toBe(exits[/^(PASS|HOLD|BLOCK)/m.exec(text)![1]!])
  },
  180_000,
)
