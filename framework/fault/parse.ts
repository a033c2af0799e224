import { FaultlineError, nearest } from '#core'
import { endsOf, type LinkName, linksOf, runnerNetwork, type Topology } from '#topology'
import { findProfile, isOnName, profileNames } from './profiles/index.ts'
import type { FaultSpec, FaultWindow, LinkFaultName, RunnerFaultName, ServiceFaultName } from './spec.ts'

export const linkFaults: readonly LinkFaultName[] = ['link-down', 'link-silent', 'latency', 'reset']
export const serviceFaults: readonly ServiceFaultName[] = ['stopped', 'frozen', 'killed', 'restarted']
export const runnerFaults: readonly RunnerFaultName[] = ['cpu']
const ownParts = ['agent', 'monitor']
const namedRemedy = 'Put it on a link between two services.'
const grammar = 'FAULT|profile:NAME@LINK|SERVICE|runner[:FROM-TO|FROM-|before]'

/**
 * Reads `link-down@app/database:0s-6s` and its like; a profile is `profile:NAME`, or just its name. No window means `0s-`. Throws FL1006 that names the part that is
 * wrong, what was probably meant, and what there is.
 */
export function parseFault(text: string, topology: Topology): FaultSpec {
  const parts = /^((?:profile:)?[^@:]+)@([^@:]+)(?::(.*))?$/.exec(text)
  if (!parts) throw invalid(text, `it doesn't read as ${grammar}`)
  const [, head, target, window] = parts
  const [fault, amount] = splitOnce(head!, '=')
  const base = { text, window: parseWindow(text, window ?? '0s-') }

  const asked = /^profile:(.*)$/.exec(head!)?.[1]
  if (asked !== undefined || findProfile(head!)) {
    const profile = known(text, asked ?? head!, profileNames(), 'profile')
    const name = knownLink(text, target!, topology)
    if (isOnName(profile) && !(endsOf(name).from in topology.services))
      throw invalid(text, 'tests and the runner go by address, not by name', namedRemedy)
    return { ...base, fault: 'profile', profile, target: { kind: 'link', name } }
  }
  if (isOneOf(linkFaults, fault)) {
    const name = knownLink(text, target!, topology)
    return { ...base, fault, ...amountOf(text, fault, amount), target: { kind: 'link', name } }
  }
  if (amount !== undefined) throw invalid(text, `"${fault}" takes no amount`)
  if (isOneOf(serviceFaults, fault)) {
    const name = known(text, target!, [...Object.keys(topology.services), ...ownParts], 'service')
    return { ...base, fault, target: { kind: 'service', name } }
  }
  if (isOneOf(runnerFaults, fault)) {
    const name = known(text, target!, ['runner'] as const, 'runner')
    return { ...base, fault, target: { kind: 'runner', name } }
  }
  known(text, fault, [...linkFaults, ...serviceFaults, ...runnerFaults], 'fault')
  throw invalid(text, `unknown fault "${fault}"`)
}

function parseWindow(text: string, window: string): FaultWindow {
  if (window === 'before') return { kind: 'before', text: window }
  const parts = /^([^-]+)-([^-]*)$/.exec(window)
  if (!parts) throw invalid(text, `the window "${window}" is none of FROM-TO, FROM- and before`)
  const fromMs = parseDuration(text, parts[1]!)
  const toMs = parts[2] === '' ? null : parseDuration(text, parts[2]!)
  if (toMs !== null && toMs <= fromMs) throw invalid(text, `the window "${window}" ends before it begins`)
  return { kind: 'span', text: window, fromMs, toMs }
}

function parseDuration(text: string, duration: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(duration)
  if (!parts) throw invalid(text, `"${duration}" is no duration: write 500ms, 6s or 2m`)
  return Number(parts[1]) * { ms: 1, s: 1000, m: 60_000 }[parts[2] as 'ms' | 's' | 'm']
}

function amountOf(text: string, fault: LinkFaultName, amount: string | undefined): { amountMs?: number } {
  if (fault !== 'latency') {
    if (amount !== undefined) throw invalid(text, `"${fault}" takes no amount`)
    return {}
  }
  if (amount === undefined) throw invalid(text, 'say how much latency, as in latency=200ms')
  return { amountMs: parseDuration(text, /^\d+$/.test(amount) ? `${amount}ms` : amount) }
}

/** A link, or with `#CLIENT` behind it (`app/database#agent`) that link as one of its clients alone has it. */
function knownLink(text: string, target: string, topology: Topology): LinkName {
  const [name, client] = splitOnce(target, '#')
  const links = linksOf(topology)
  const link = known(text, name, [...links.map((each) => each.name), runnerNetwork], 'link')
  if (client === undefined) return link
  const from = links.find((each) => each.name === link)?.from ?? 'client'
  return `${link}#${known(text, client, from === 'client' ? [] : [from, 'agent'], 'client of the link')}`
}

/** The name as one of those there are, or the error that says so. */
function known<T extends string>(text: string, name: string, names: readonly T[], what: string): T {
  if (isOneOf(names, name)) return name
  const meant = nearest(name, names)
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
  throw invalid(
    text,
    `unknown ${what} "${name}"${hint}`,
    `There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.`,
  )
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name)
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function invalid(text: string, why: string, remedy = `Faults are written ${grammar}.`): FaultlineError {
  return new FaultlineError('FL1006', `The fault "${text}" is not valid: ${why}`, { remedy })
}
