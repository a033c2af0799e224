/**
 * Fifty services in a process of their own, of which each answers somewhat later than the one before: prints their ports, and
 * serves until its standard input ends.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const services = 50
const ports: number[] = []
for (let index = 0; index < services; index++) {
  const delayMs = 55 + 5 * index
  const server = createServer((_, response) => {
    setTimeout(() => response.setHeader('x-build-id', 'bench').end('ok'), delayMs)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ports.push((server.address() as AddressInfo).port)
}
process.stdout.write(`${JSON.stringify(ports)}\n`)
process.stdin.resume().once('end', () => process.exit())
