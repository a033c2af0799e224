import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listenOnBlock } from './port-block.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

function newServer(): Server {
  const server = createServer()
  servers.push(server)
  return server
}

test('two holders get blocks that share no port', async () => {
  const [one, other] = [await listenOnBlock(newServer()), await listenOnBlock(newServer())]
  expect(Math.abs(one.first - other.first)).toBeGreaterThan(one.size)
})

test('a block lies below the ports that the system hands out', async () => {
  const { first, size } = await listenOnBlock(newServer(), 20_000)
  expect(first).toBeGreaterThan(10_240)
  expect(first + size).toBeLessThanOrEqual(20_000)
})

test('without a free block the server still listens, and the block is empty', async () => {
  const server = newServer()
  expect(await listenOnBlock(server, 0)).toEqual({ first: 0, size: 0 })
  expect(server.listening).toBe(true)
})
