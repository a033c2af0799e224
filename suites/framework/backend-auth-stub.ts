import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An auth service that does as it is told: signs in, fails, or lets its callers hang. */
export class AuthStub implements AsyncDisposable {
  mode: 'answer' | 'fail' | 'hang' = 'answer'
  /** Requests that came in. */
  requests = 0
  /** How many hung at once, at most. */
  mostHanging = 0
  readonly #hanging = new Set<ServerResponse>()
  readonly #server = createServer((_request, response) => {
    this.requests += 1
    if (this.mode !== 'hang') {
      answer(response, this.mode === 'answer' ? 201 : 500)
      return
    }
    this.#hanging.add(response)
    this.mostHanging = Math.max(this.mostHanging, this.hanging)
    response.once('close', () => this.#hanging.delete(response))
  })

  static async start(): Promise<AuthStub> {
    const stub = new AuthStub()
    stub.#server.listen(0, '127.0.0.1')
    await once(stub.#server, 'listening')
    return stub
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Requests that have no answer yet, and whose callers still wait. */
  get hanging(): number {
    return this.#hanging.size
  }

  /** Answers the one that has hung longest. */
  release(): void {
    const [first] = this.#hanging
    if (first) answer(first, 201)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ token: 'token', user: 'ada', expiresAt: Date.now() + 60_000 }))
}
