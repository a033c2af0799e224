import { createServer } from 'node:http'

createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/healthz') response.end('{"status":"pass"}')
  else if (request.headers.authorization === undefined) response.writeHead(401).end('{}')
  else response.end('[{"text":"buy milk"}]')
}).listen(Number(process.env.PORT), process.env.HOST)
