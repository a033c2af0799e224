import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { errorCatalogue } from '../../framework/core/errors.ts'
import { defineEnvironment, node, remote } from '../../framework/environment/index.ts'
import { linkFaults, runnerFaults, serviceFaults } from '../../framework/fault/parse.ts'
import { completeSettings } from '../../framework/settings/index.ts'
import { cliReference, commands } from './cli-reference.ts'
import { settingsKeys } from './settings-keys.ts'

const root = path.resolve(import.meta.dirname, '../..')
const codes = Object.keys(errorCatalogue) as (keyof typeof errorCatalogue)[]

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

test('every error code has a page, and every page a code', () => {
  const pages = globSync('FL*.md', { cwd: path.join(root, 'docs/reference/errors') })
  expect(pages.toSorted()).toEqual(codes.map((code) => `${code}.md`).toSorted())
})

test.each(codes)('the page of %s has its title and exit code, and says what, why and what to do', (code) => {
  const { title, exit } = errorCatalogue[code]
  const page = read(`docs/reference/errors/${code}.md`)
  expect(page.startsWith(`# ${code}: ${title}\n\nThe command ends with ${exit}.\n`)).toBe(true)
  const sections = page.split(/^## /m).slice(1)
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'What it means',
    'Why it happens',
    'What to do',
  ])
  for (const section of sections) expect(section.trim().split('\n').length).toBeGreaterThan(2)
})

test('every error code is raised somewhere', () => {
  const sources = globSync('framework/**/*.ts', { cwd: root })
    .filter((file) => !/\.test(-data)?\.ts$/.test(file) && file !== 'framework/core/errors.ts')
    .map(read)
  expect(codes.filter((code) => !sources.some((text) => text.includes(code)))).toEqual([])
})

test('the index of errors lists them all', async () => {
  const rows = codes.map(
    (code) => `| [${code}](${code}.md) | ${errorCatalogue[code].title} | ${errorCatalogue[code].exit} |`,
  )
  const index = `# Errors

Generated from \`framework/core/errors.ts\`; don't edit. \`faultline help FL1001\` prints a page. A code, once published, never means anything else.

| code | means | exit |
|---|---|---|
${rows.join('\n')}
`
  await expect(index).toMatchFileSnapshot('../../docs/reference/errors/README.md')
})

test('docs/reference/cli.md is what the program says of itself', async () => {
  await expect(cliReference()).toMatchFileSnapshot('../../docs/reference/cli.md')
})

test.each(commands().map((command) => [command.name(), command] as const))(
  'the help of %s has an example',
  (name) => {
    const section = cliReference().split(`## faultline ${name}\n`)[1]!.split('\n## ')[0]!
    expect(section).toMatch(new RegExp(`\\nExamples?:\\n +[^\\n]*faultline ${name}\\b`))
  },
)

test('docs/reference/faults.md has every fault, and no other', () => {
  const rows = [
    ...read('docs/reference/faults.md').matchAll(/^\| `([a-z-]+)[^`]*` \| `?(link|service|runner)`? \|/gm),
  ]
  expect(rows.map(([, fault, target]) => `${fault}@${target}`).toSorted()).toEqual(
    [
      ...[...linkFaults, 'profile'].map((fault) => `${fault}@link`),
      ...serviceFaults.map((fault) => `${fault}@service`),
      ...runnerFaults.map((fault) => `${fault}@runner`),
    ].toSorted(),
  )
})

test('docs/reference/settings.md describes every key of the configuration, and no other', () => {
  const described = [...read('docs/reference/settings.md').matchAll(/^\| `([\w.*]+)` \|/gm)].map(
    (match) => match[1]!,
  )
  expect(described.toSorted()).toEqual(settingsKeys().toSorted())
})

test.each([
  ['embedded', 0],
  ['remote', 1],
] as const)('docs/reference/settings.md has the defaults of an environment that is %s', (kind, column) => {
  const definition =
    kind === 'remote'
      ? remote({
          entry: 'app',
          services: { app: { owner: 'sut', protocol: 'http', url: 'http://app.test' } },
        })
      : defineEnvironment({ entry: 'app', services: { app: node('app.ts') } })
  const probes = { own: { protocol: 'tcp', address: 'tcp://own.test:1' } } as const
  const raw = {
    environments: { [kind]: definition },
    tests: ['t'],
    history: {},
    baseline: { url: 'http://b.test' },
    probes,
  }
  const settings = completeSettings({ file: '/c.ts', folder: '/', raw }, { checkDefinition: () => [] })
  const actual = {
    ...Object.fromEntries(Object.entries(settings.policy).map(([key, value]) => [`policy.${key}`, value])),
    'sampling.intervalMs': settings.samplingIntervalMs,
    'history.file': settings.historyFile?.slice(1),
    'baseline.health': settings.baseline?.health,
    'probes.*.timeoutMs': settings.probes[0]?.timeoutMs,
    'probes.*.slowMs': settings.probes[0]?.slowMs,
  }
  const rows = [...read('docs/reference/settings.md').matchAll(/^\| `([\w.*]+)` \| .* \| ([^|]+) \|$/gm)]
  const written = Object.fromEntries(
    rows
      .filter(([, key]) => key! in actual)
      .map(([, key, cell]) => {
        const text = (cell!.split(', remote ').at(column) ?? cell!.split(', remote ')[0]!).replaceAll('`', '')
        return [key, /^[\d,.]+$/.test(text) ? Number(text.replaceAll(',', '')) : text]
      }),
  )
  expect(written).toEqual(actual)
})
