import { Redactor } from '#core'
import type { OpenClients } from '#experiment'
import type { WorkerSettings } from '#run'
import type { TestInit } from './infrastructure-aware-test.ts'
import { createHttp } from './powers/http.ts'
import { createWebSockets } from './powers/web-socket.ts'
import { unguidedSettings } from './provided.ts'
import { AttemptScope } from './scope.ts'

/** The clients that tests have, for journeys: nobody guides them, and what they met is in the experiment's own history. */
export function chaosClients(settings: WorkerSettings): OpenClients {
  return (signal) => {
    const scope = new AttemptScope({
      testId: 'journey',
      testFile: '',
      n: 1,
      worker: 'journeys',
      needs: {},
      settings: { ...unguidedSettings, ...settings },
      redactor: new Redactor(),
      coordinator: undefined,
      capture: undefined,
    })
    // These clients use the scope and the signal; a test's context there is none.
    const init = { scope, signal } as TestInit
    return {
      clients: { http: createHttp(init), ws: createWebSockets(init) },
      close: () => scope.close(),
    }
  }
}
