import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http'
import { messageOf } from '#core'
import { ApiError, apiError } from './api-error.ts'
import { refusal } from './guard.ts'
import { stringify } from './json.ts'
import type { Log } from './log.ts'
import { requestId } from './request-id.ts'
import { match } from './router.ts'
import type { Answer, Route } from './routes.ts'

const maxBodyBytes = 16 * 1024 * 1024
const plainText = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

/** What the API serves, and how it is reached. */
export interface ApiOptions {
  readonly routes: readonly Route[]
  readonly isLoopback: boolean
  readonly log: Log
}

/** Answers the control API's requests. Whatever a handler throws becomes an answer. */
export function apiListener(options: ApiOptions): RequestListener {
  return (request, response) => {
    const startedAt = performance.now()
    const found = match(options.routes, request.method ?? '', request.url ?? '/')
    if (found.kind === 'moved') return void response.writeHead(301, { Location: found.to }).end()
    if (found.kind === 'wrong-method') return void response.writeHead(405).end()
    if (found.kind === 'unknown') return void response.writeHead(404, plainText).end('404 page not found\n')
    const id = requestId()
    response.setHeader('X-Toxiproxy-Request-Id', id)
    response.once('close', () => {
      const { method, url, headers } = request
      const durationMs = performance.now() - startedAt
      options.log('debug', '', {
        ...{ client: request.socket.remoteAddress, method, url, user_agent: headers['user-agent'] },
        ...{ status: response.statusCode, duration: durationMs, handler: found.route.name, request_id: id },
      })
    })
    const reason = refusal(request, options.isLoopback)
    if (reason) return void response.writeHead(403, plainText).end(`${reason}\n`)
    void serve(found.route, found.params, request).then((answer) => send(response, answer))
  }
}

async function serve(route: Route, params: readonly string[], request: IncomingMessage): Promise<Answer> {
  try {
    const body = request.method === 'GET' || request.method === 'DELETE' ? '' : await readBody(request)
    return await route.handle({ params, body })
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 500
    const text = `${stringify({ error: messageOf(error) || STATUS_CODES[status], status })}\n`
    return { status, raw: { text, type: 'application/json' } }
  }
}

function send(response: ServerResponse, { status, body, raw }: Answer): void {
  if (raw) response.writeHead(status, { 'Content-Type': raw.type }).end(raw.text)
  else if (body === undefined) response.writeHead(status).end()
  else response.writeHead(status, { 'Content-Type': 'application/json' }).end(stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maxBodyBytes) throw apiError.bodyTooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
