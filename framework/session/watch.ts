import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type EpochMs, messageOf, now } from '#core'
import type { RunningEnvironment } from '#environment'
import { createAlerts, type HealthChange, type Monitor, monitorCommand, startMonitor } from '#health'
import { eachLine, type JournalSink } from '#journal'
import { type Observation, type Outcome, type ProbeTarget, type RunnerSample, runnerCommand } from '#probe'
import type { Settings } from '#settings'
import { type LinkName, runnerNetwork } from '#topology'

/** The eyes of a run: the monitor and the runner's own probe, both processes of their own. */
export interface Watch extends AsyncDisposable {
  readonly monitor: Monitor
  readonly monitorPid: number | undefined
  /** Process ids of the runner's probe: a starved runner starves it too. */
  readonly runnerPids: readonly number[]
  /** Builds of the entry that were seen, in order. */
  readonly builds: readonly string[]
  /** Calls `listener` after every change of health. */
  onHealthChange(listener: (change: HealthChange) => void): void
  /** Whether the runner's probe has run on time for a while; false also when nobody knows. */
  runnerIsWell(): boolean
  /** The longest lag that the runner's probe has shown, in ms. */
  longestLagMs(): number
  /** When the latest look over a link began that met a dead one. */
  lastDeadLook(link: LinkName): EpochMs | undefined
}

export interface WatchOptions {
  readonly environment: RunningEnvironment
  readonly settings: Settings
  readonly journal: JournalSink
  readonly signal: AbortSignal
}

/** A runner whose timers are this late isn't well, in ms. */
const wellLagMs = 500
/** A reading of the runner that is older than this says nothing of now, in ms. */
const freshMs = 2000
/** A runner that gets the processor now and then isn't well: it must have been on time for this long, in ms. */
const calmMs = 5000

/** What a look comes to over a link that refuses or swallows connections. */
const deadOutcomes: ReadonlySet<Outcome> = new Set(['refused', 'no-answer'])

/** Starts to look, and writes down everything that is seen. Losing either process is a gap in the record, and the run goes on. */
export function startWatch({ environment, settings, journal, signal }: WatchOptions): Watch {
  const { topology, lease, agent } = environment
  const builds: string[] = []
  const listeners: ((change: HealthChange) => void)[] = []
  const deadLooks = new Map<LinkName, EpochMs>()
  let monitorPid: number | undefined
  const alerts = createAlerts(settings.onHealthChange ? [settings.onHealthChange] : [], {
    limitMs: 5000,
    onTrouble: (message) => journal.append({ source: 'session', kind: 'alert-trouble', data: { message } }),
  })
  const noteBuild = (look: Observation) => {
    const { build, instance } = look.identity ?? {}
    if (look.target !== topology.entry || !build || builds.includes(build)) return
    builds.push(build)
    journal.append({
      source: 'monitor',
      kind: 'release-seen',
      data: { build, ...(instance ? { instance } : {}), at: look.at },
    })
  }
  const monitor = startMonitor({
    command: monitorCommand(),
    config: {
      intervalMs: settings.samplingIntervalMs,
      targets: [...environment.runnerTargets, ...controlTarget(environment), ...settings.probes],
      ...(agent ? { agent } : {}),
    },
    signal,
    onSpawn: (pid) => {
      monitorPid = pid
      lease.hold(pid)
      journal.append({ source: 'session', kind: 'process', data: { role: 'monitor', pid } })
    },
    onObservation: (look) => {
      journal.append({
        at: look.at,
        source: look.vantage === 'runner' ? 'monitor' : 'agent',
        kind: 'observation',
        data: look,
      })
      noteBuild(look)
      const over = look.target === 'control' ? runnerNetwork : look.link
      if (over && deadOutcomes.has(look.outcome)) deadLooks.set(over, look.at)
    },
    onHealth: (change) => {
      journal.append({ source: 'monitor', kind: 'health', data: change })
      alerts.notify(change)
      for (const listener of listeners) listener(change)
    },
    onAgent: (change) => journal.append({ source: 'monitor', kind: `agent-${change.kind}`, data: change }),
  })
  void monitor.lost.then((reason) =>
    journal.append({ source: 'session', kind: 'monitor-lost', data: { reason } }),
  )
  let longestLagMs = 0
  let lastSampleAt = 0
  let lastLateAt = 0
  const runner = startRunnerProbe(journal, {
    onSpawn: (pid) => lease.hold(pid),
    onSample: (sample) => {
      lastSampleAt = sample.at
      if (sample.lagMs >= wellLagMs) lastLateAt = sample.at
      longestLagMs = Math.max(longestLagMs, sample.lagMs)
    },
  })
  return {
    monitor,
    builds,
    onHealthChange: (listener) => void listeners.push(listener),
    monitorPid,
    runnerIsWell: () => now() - lastSampleAt < freshMs && now() - lastLateAt > calmMs,
    longestLagMs: () => longestLagMs,
    lastDeadLook: (link) => deadLooks.get(link),
    runnerPids: runner.pid === undefined ? [] : [runner.pid],
    async [Symbol.asyncDispose]() {
      await Promise.all([monitor[Symbol.asyncDispose](), runner[Symbol.asyncDispose]()])
      await alerts[Symbol.asyncDispose]()
    },
  }
}

function controlTarget({ controlUrl }: RunningEnvironment): ProbeTarget[] {
  if (!controlUrl) return []
  return [
    {
      target: 'control',
      vantage: 'runner',
      protocol: 'http',
      address: controlUrl,
      timeoutMs: 2000,
      slowMs: 1000,
    },
  ]
}

function startRunnerProbe(
  journal: JournalSink,
  { onSpawn, onSample }: { onSpawn: (pid: number) => void; onSample: (sample: RunnerSample) => void },
): { pid: number | undefined } & AsyncDisposable {
  const { file, args } = runnerCommand()
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.on('error', (error) =>
    journal.append({ source: 'session', kind: 'runner-probe-lost', data: { reason: messageOf(error) } }),
  )
  if (child.pid !== undefined) {
    onSpawn(child.pid)
    journal.append({ source: 'session', kind: 'process', data: { role: 'runner-probe', pid: child.pid } })
  }
  void eachLine(child.stdout, (line) => {
    const sample = JSON.parse(line.toString()) as RunnerSample
    onSample(sample)
    journal.append({ at: sample.at, source: 'runner-probe', kind: 'runner-sample', data: sample })
  }).catch(() => {})
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.stdin.end()
      const force = setTimeout(() => child.kill('SIGKILL'), 1000)
      await ended
      clearTimeout(force)
    },
  }
}
