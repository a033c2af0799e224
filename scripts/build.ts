/**
 * Writes the code of the package to `dist/`, or to the folder that is named: as few files as may be instead of some hundred, for
 * each costs whoever loads it half a millisecond, and every test worker and every process of a run loads many. What is started
 * by its path keeps its place.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BuildOptions, build, type Plugin } from 'rolldown'

const root = path.resolve(import.meta.dirname, '..')
const sources = path.join(root, 'framework')

/** The doors of the package, and the files that are started by their path. */
const entries = [
  'index.ts',
  'vitest/index.ts',
  'vitest/runner.ts',
  'fault/proxy/index.ts',
  'fault/proxy/hang-worker.ts',
  'environment/embedded/names-preload.ts',
  ...globSync('**/{main,*-main}.ts', { cwd: sources }),
]

const target = path.resolve(root, process.argv[2] ?? 'dist')
/** Other people's code that is part of ours: to find and read zod's hundred files takes longer than all that is done with it. */
const bundled = ['uplot', 'zod']

const shared = {
  cwd: root,
  platform: 'node',
  external: (id: string) => !/^[.#/]|^@oxc-project\/runtime\//.test(id) && !bundled.includes(id),
  resolve: { conditionNames: ['faultline-source'] },
  // What Node 24 has stays as it is written, `using` for one.
  transform: { target: 'esnext' },
} as const satisfies BuildOptions

const worker = await loadedBy('vitest/runner.ts')
const light = await Promise.all(
  ['probe/runner-main.ts', 'health/monitor/main.ts', 'environment/keeper/main.ts'].map(loadedBy),
)
const sharedWithLight = new Set(light.flatMap((modules) => [...modules]))

await build({
  ...shared,
  input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), path.join(sources, file)])),
  plugins: [placesKept()],
  output: {
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    keepNames: true,
    // What every test worker loads is few files, and what small processes share with it none that is large.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'shared', test: (id) => worker.has(id) && sharedWithLight.has(id) },
        { name: 'worker', test: (id) => worker.has(id) && !sharedWithLight.has(id) },
      ],
    },
  },
  preserveEntrySignatures: 'allow-extension',
})

const licences = bundled.map(
  (name) => `${name}\n\n${readFileSync(path.join(root, 'node_modules', name, 'LICENSE'), 'utf8')}`,
)
writeFileSync(path.join(target, 'THIRD-PARTY-LICENSES'), licences.join('\n\n'))

/** The modules that a file loads at once. */
async function loadedBy(file: string): Promise<ReadonlySet<string>> {
  const { output } = await build({ ...shared, input: path.join(sources, file), write: false })
  const chunks = new Map(output.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one]] : [])))
  const modules = new Set<string>()
  const add = (name: string) => {
    const chunk = chunks.get(name)
    chunks.delete(name)
    for (const id of chunk?.moduleIds ?? []) modules.add(id)
    for (const other of chunk?.imports ?? []) add(other)
  }
  add(output[0].fileName)
  modules.delete(path.join(sources, file))
  return modules
}

/** A module's own address stays that of its source's place, wherever its code is put. */
function placesKept(): Plugin {
  const marker = /__placeOf\("([^"]+)"\)/g
  return {
    name: 'places-kept',
    transform(code, id) {
      if (!id.startsWith(sources) || !code.includes('import.meta.url')) return
      const place = path.relative(sources, id).replace(/\.ts$/, '.js')
      return code.replaceAll('import.meta.url', `__placeOf(${JSON.stringify(place)})`)
    },
    renderChunk(code, { fileName }) {
      const from = path.posix.dirname(fileName)
      return code.replaceAll(
        marker,
        (_, place: string) =>
          `new URL(${JSON.stringify(path.posix.relative(from, place))}, import.meta.url).href`,
      )
    },
  }
}
