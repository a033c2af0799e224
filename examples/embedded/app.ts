import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 1000 })
// A connection that is lost while nobody uses it is replaced by the next query.
pool.on('error', () => {})

createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/healthz') {
    response.end('{"status":"pass"}')
    return
  }
  try {
    const { rows } = await pool.query("select 'buy milk' as text")
    response.end(JSON.stringify(rows))
  } catch {
    response.writeHead(503).end('{"error":"the database is away"}')
  }
}).listen(Number(process.env.PORT), process.env.HOST)
