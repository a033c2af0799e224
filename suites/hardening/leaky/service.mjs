// A service that says far too much: in its log, in its answers, and of its own environment.
import { createServer } from 'node:http'

const { HOST, PORT, API_KEY, INHERITED_TOKEN, DATABASE_URL, PLANT } = process.env
const plant = JSON.parse(PLANT)
console.log(`started with ${API_KEY} and ${INHERITED_TOKEN} and ${DATABASE_URL}`)
console.log(`as base64: ${Buffer.from(`service:${API_KEY}`).toString('base64')}`)

createServer((request, response) => {
  if (request.url === '/health/live') return response.end('{}')
  console.log(JSON.stringify({ msg: 'request', headers: request.headers, url: request.url }))
  console.error({ headers: request.headers, raw: request.rawHeaders })
  response.writeHead(500, {
    'content-type': 'application/json',
    'set-cookie': `sid=${plant.setCookie}; Path=/; HttpOnly`,
  })
  response.end(
    JSON.stringify({
      message: `connect to postgres://chat:${plant.dsnInError}@db:5432/chat failed, with ${API_KEY}`,
      password: plant.bodyPassword,
      detail: `Key (api_token)=(${plant.constraintDetail}) already exists.`,
      asked: request.headers,
    }),
  )
})
  .on('upgrade', (request, socket) => {
    console.log(`upgrade ${request.url}`)
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
  })
  .listen(Number(PORT), HOST)
