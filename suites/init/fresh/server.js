import express from 'express'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
pool.on('error', () => {})
const app = express()
app.use(express.static('dist'))
app.get('/healthz', (_request, response) => {
  response.json({ status: 'pass' })
})
app.get('/api/notes', async (_request, response) => {
  const { rows } = await pool.query("select 'buy milk' as text")
  response.json(rows)
})
app.listen(Number(process.env.PORT ?? 3000), process.env.HOST)
