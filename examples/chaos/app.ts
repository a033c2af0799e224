import { createServer } from 'node:http'

/** Counts visits elsewhere, and waits for it no longer than this. */
const countLimitMs = 200

createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/notes')
    await fetch(`${process.env.ANALYTICS_URL}/visits`, {
      method: 'POST',
      signal: AbortSignal.timeout(countLimitMs),
    }).catch(() => undefined)
  response.end('[{"text":"buy milk"}]')
}).listen(Number(process.env.PORT), process.env.HOST)
