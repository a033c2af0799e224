import { createServer } from 'node:http'

/** Stands for a staging that somebody else runs. */
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/healthz') response.end('{"status":"pass"}')
  else if (request.url === '/notes') response.end('[{"text":"buy milk"}]')
  else response.writeHead(404).end('{}')
})
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`)
})
