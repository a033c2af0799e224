/** Exit codes of the command line, by what they tell a pipeline. Values follow sysexits(3) where one fits. */
export const exitCode = {
  pass: 0,
  block: 1,
  undecided: 3,
  usage: 64,
  internal: 70,
  hold: 75,
  configuration: 78,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
