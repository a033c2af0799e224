/** What any program may need of its surroundings; everything else stays behind. */
const basics = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ']

export type Variables = Readonly<Record<string, string | undefined>>

/** The variables of these names that are set. */
export function pick(from: Variables, names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, from[name]]).filter(([, value]) => value !== undefined)
  return Object.fromEntries(found)
}

/** The environment that every child of a run begins with. */
export function basicsOf(inherited: Variables): Record<string, string> {
  return pick(inherited, basics)
}
