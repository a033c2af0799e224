/** What every command gets besides its own options. */
export interface CommandContext {
  readonly cwd: string
  /** Aborts on Ctrl-C and SIGTERM, with an {@link Interrupted} as its reason. */
  readonly signal: AbortSignal
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}
