import type { Attempt } from '#run'

const textLimit = 4000
const listLimit = 200

/** The attempt, small enough for a journal line: long texts are cut, of long lists the newest entries stay. */
export function bounded(attempt: Attempt): Attempt {
  return {
    ...attempt,
    errors: attempt.errors.slice(0, 10).map((error) => ({
      ...error,
      message: cut(error.message),
      ...(error.stack !== undefined && { stack: cut(error.stack) }),
    })),
    signals: attempt.signals.slice(0, listLimit).map((signal) => ({ ...signal, match: cut(signal.match) })),
    exchanges: attempt.exchanges.slice(-listLimit),
    patient: attempt.patient.slice(-50).map((patient) => ({
      ...patient,
      tries: patient.tries.map((one) => ({
        ...one,
        ...(one.failure !== undefined && { failure: cut(one.failure) }),
      })),
    })),
  }
}

function cut(text: string): string {
  return text.length <= textLimit ? text : `${text.slice(0, textLimit)}…`
}
