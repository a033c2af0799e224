import { type Figure, scaleOf } from './figure.ts'
import { figuresOf, isIllustrative, type Profile, toxicsOfProfile } from './profile.ts'

/** One line a profile, for a terminal. */
export function listProfiles(profiles: readonly Profile[]): string {
  const width = Math.max(...profiles.map(({ name }) => name.length))
  return profiles
    .map((profile) => `${profile.name.padEnd(width)}  ${profile.models}${markOf(profile)}`)
    .join('\n')
}

/** All that there is to know about a profile, for a terminal. */
export function describeProfile(profile: Profile): string {
  const toxics = toxicsOfProfile(profile).map((toxic) => `  ${JSON.stringify(toxic)}`)
  const figures = figuresOf(profile).map(
    (figure) => `  ${figure.place} = ${amount(figure)}: ${figure.basis}, ${figure.source}`,
  )
  return [
    `${profile.name}${markOf(profile)}`,
    profile.models,
    '',
    'Toxics:',
    ...toxics,
    ...(figures.length > 0 ? ['', 'Figures:', ...figures] : []),
  ].join('\n')
}

/** `docs/reference/profiles.md`. */
export function profilesReference(profiles: readonly Profile[]): string {
  return `# Profiles

Generated from \`framework/fault/profiles\`; don't edit. A profile is trouble as it really happens on a link: put it on with
\`--inject profile:NAME@LINK\`, or \`--profile NAME@LINK\` for experiments. Each figure says where it comes from:
*documented* by the source that is named, *measured* by us, or *assumed*. A profile of mostly assumed figures is
illustrative: it shows the kind of trouble, not how bad it is. Where a real time is too long for a test, the figure is
scaled, and both are shown.

${profiles.map(section).join('\n')}`
}

function section(profile: Profile): string {
  const figures = figuresOf(profile).map(
    (figure) =>
      `| \`${figure.place}\` | ${amount(figure)} | ${figure.basis} | ${figure.source.replaceAll('|', '\\|')} |`,
  )
  const table = ['| figure | value | basis | source |', '|---|---|---|---|', ...figures].join('\n')
  const toxics = toxicsOfProfile(profile).map(({ type, stream }) => `\`${type}\` ${stream}`)
  return `## ${profile.name}${markOf(profile)}

${profile.models}

Toxics: ${[...new Set(toxics)].join(', ')}.
${figures.length > 0 ? `\n${table}\n` : ''}`
}

function markOf(profile: Profile): string {
  return isIllustrative(profile) ? ' (illustrative)' : ''
}

function amount(figure: Figure): string {
  const text = [figure.value, figure.unit].join(' ').trim()
  return figure.real === undefined
    ? text
    : `${text}, really ${figure.real} ${figure.unit} (${scaleOf(figure)} times faster)`
}
