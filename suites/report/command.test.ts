import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chaosRecords } from '../../framework/report/chaos-run.test-data.ts'
import { syntheticRun } from './synthetic-run.ts'

const main = path.resolve(import.meta.dirname, '../../framework/cli/main.ts')

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-report-'))
  const lines = syntheticRun({ tests: 40 }).map((record) => JSON.stringify(record))
  await writeFile(path.join(folder, 'journal.ndjson'), `${lines.join('\n')}\n`)
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function report(args: readonly string[], variables: Record<string, string> = {}) {
  const flags = ['--conditions=faultline-source', '--disable-warning=ExperimentalWarning']
  const { GITHUB_STEP_SUMMARY: _, ...inherited } = process.env
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [...flags, main, 'report', ...args],
      { cwd: folder, env: { ...inherited, ...variables }, timeout: 60_000 },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

test('all formats are written at once, from the journal alone', async () => {
  const { code, out } = await report(['.', '--format', 'html,junit,ctrf,json,github', '--out', 'reports'])
  expect(code).toBe(0)
  expect(out).toContain(`html: ${path.join('reports', 'report.html')}`)
  expect((await readdir(path.join(folder, 'reports'))).sort()).toEqual([
    'ctrf.json',
    'junit.xml',
    'report.html',
    'run.json',
    'summary.md',
  ])
  const run = JSON.parse(await readFile(path.join(folder, 'reports', 'run.json'), 'utf8'))
  expect(run).toMatchObject({ schema: 'faultline.run/1', decision: 'block' })
})

test('without a format the page is written, into the folder of the run', async () => {
  const { code } = await report(['.'])
  expect(code).toBe(0)
  expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
})

test('a chaos run is told in all formats too', async () => {
  const lines = chaosRecords().map((record) => JSON.stringify(record))
  await writeFile(path.join(folder, 'journal.ndjson'), `${lines.join('\n')}\n`)
  const { code } = await report(['.', '--format', 'html,junit,ctrf,json,github'])
  expect(code).toBe(0)
  const read = (file: string) => readFile(path.join(folder, file), 'utf8')
  expect(await read('report.html')).toContain('1 promise of 2 was broken.')
  expect(JSON.parse(await read('run.json'))).toMatchObject({ schema: 'faultline.chaos/1' })
  expect(await read('junit.xml')).toContain('<failure type="broken"')
  expect(JSON.parse(await read('ctrf.json')).results.summary).toMatchObject({ failed: 1 })
  expect(await read('summary.md')).toMatch(/^## BROKEN/)
})

test('an unknown format is a usage error that names the known ones', async () => {
  const { code, err } = await report(['.', '--format', 'html,pdf'])
  expect(code).toBe(64)
  expect(err).toContain('there is no format "pdf"')
  expect(err).toContain('html, junit, ctrf, json, github')
})

test('under GitHub Actions the summary is added to the job’s, and annotations are printed', async () => {
  const summary = path.join(folder, 'step-summary.md')
  await writeFile(summary, 'from a step before\n')
  const { out } = await report(['.', '--format', 'github'], { GITHUB_STEP_SUMMARY: summary })
  expect(out).toMatch(/^::error file=suites\/area-000\.test\.ts,title=application%3A app/m)
  expect(await readFile(summary, 'utf8')).toMatch(/^from a step before\n## BLOCK/)
})

test('elsewhere than on GitHub no annotations are printed', async () => {
  const { out } = await report(['.', '--format', 'github'])
  expect(out).not.toContain('::')
})
