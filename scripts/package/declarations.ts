import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'rolldown/utils'

/** A name in a file of declarations, or in somebody else's package. */
interface Place {
  readonly file: string
  readonly name: string
}

/** What one file of declarations says. */
interface DeclarationFile {
  /** The text of each declared name, overloads in their order. */
  readonly declared: ReadonlyMap<string, readonly string[]>
  /** Where each exported or imported name comes from. */
  readonly exported: ReadonlyMap<string, Place>
  readonly imported: ReadonlyMap<string, Place>
  /** Files whose every export is exported too. */
  readonly passedOn: readonly string[]
}

/**
 * The API that an entry of the package has for its users: each exported name, and the declaration of everything that the
 * exported declarations mention, without comments. Files of other packages are not entered.
 */
export function apiOf(
  entry: string,
  resolve: (specifier: string, from: string) => string | undefined,
): string {
  const files = new Map<string, DeclarationFile>()
  const read = (file: string) => {
    const known = files.get(file) ?? readDeclarations(file, resolve)
    files.set(file, known)
    return known
  }
  const exported = [...exportsOf(entry, read)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const texts = new Map<string, string>()
  const waiting = exported.map(([, place]) => place)
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { file, name } = originOf(place, read)
    const key = `${name} ${file}`
    if (!path.isAbsolute(file) || texts.has(key)) continue
    const { declared, imported } = read(file)
    const text = (declared.get(name) ?? []).join('\n')
    texts.set(key, text)
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) {
      if (declared.has(word)) waiting.push({ file, name: word })
      const from = imported.get(word)
      if (from) waiting.push(from)
    }
  }
  const declarations = [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
  return `// exports: ${exported.map(([name]) => name).join(', ')}\n\n${declarations.join('\n\n')}\n`
}

type Read = (file: string) => DeclarationFile

function exportsOf(file: string, read: Read): Map<string, Place> {
  const { exported, passedOn } = read(file)
  return new Map([...passedOn.flatMap((from) => [...exportsOf(from, read)]), ...exported])
}

/** Where a name is declared, through every file that only passes it on. */
function originOf(place: Place, read: Read): Place {
  if (!path.isAbsolute(place.file)) return place
  const { declared, imported } = read(place.file)
  if (declared.has(place.name)) return place
  const from = exportsOf(place.file, read).get(place.name) ?? imported.get(place.name)
  if (from === undefined || (from.file === place.file && from.name === place.name)) return place
  return originOf(from, read)
}

function readDeclarations(
  file: string,
  resolve: (specifier: string, from: string) => string | undefined,
): DeclarationFile {
  const source = readFileSync(file, 'utf8')
  const declared = new Map<string, string[]>()
  const exported = new Map<string, Place>()
  const imported = new Map<string, Place>()
  const passedOn: string[] = []
  const target = (specifier: string) => resolve(specifier, file) ?? specifier
  const { program } = parseSync(file, source, { lang: 'dts' })
  for (const statement of program.body) {
    if (statement.type === 'ExportAllDeclaration') {
      const from = target(statement.source.value)
      if (path.isAbsolute(from)) passedOn.push(from)
    } else if (statement.type === 'ImportDeclaration') {
      for (const one of statement.specifiers) {
        const name = one.type === 'ImportSpecifier' ? nameOf(one.imported) : '*'
        imported.set(one.local.name, { file: target(statement.source.value), name })
      }
    } else if (statement.type === 'ExportNamedDeclaration' && statement.declaration === null) {
      const from = statement.source ? target(statement.source.value) : file
      for (const one of statement.specifiers)
        exported.set(nameOf(one.exported), { file: from, name: nameOf(one.local) })
    } else {
      const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
      const text = withoutComments(source.slice(statement.start, statement.end))
      for (const name of declaredNames(declaration)) {
        declared.set(name, [...(declared.get(name) ?? []), text])
        if (statement !== declaration) exported.set(name, { file, name })
      }
    }
  }
  return { declared, exported, imported, passedOn }
}

function nameOf(node: { readonly type: string }): string {
  return String('name' in node ? node.name : 'value' in node ? node.value : '')
}

function declaredNames(node: object | null): string[] {
  if (node === null) return []
  if ('declarations' in node)
    return (node.declarations as { id: { name?: string } }[]).flatMap(({ id }) => id.name ?? [])
  const id = 'id' in node ? (node.id as { name?: string } | null) : null
  return id?.name === undefined ? [] : [id.name]
}

function withoutComments(text: string): string {
  return text.replaceAll(/[ \t]*\/\*[\s\S]*?\*\/\n?/g, '').trim()
}
