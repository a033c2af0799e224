import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { now } from '#core'
import { remote } from '#environment'
import type { Blocked, TestDefinition } from '#run'
import { startPlainRun } from '#session/plain-run'

const testId = 'chat.test.ts > keeps a message'
const definition: TestDefinition = {
  ...{ id: testId, name: 'keeps a message', file: 'chat.test.ts', needs: { database: 'required' } as const },
  ...{ required: true, skipped: false },
}

test('a plain run in which tests were only blocked says who is at fault', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'faultline-plain-run-'))
  await using server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const staging = remote({
    entry: 'app',
    services: {
      database: { owner: 'platform', protocol: 'postgres' },
      app: { owner: 'sut', protocol: 'http', url, uses: { database: 'required' } },
    },
  })
  const config = `export default ${JSON.stringify({ environments: { staging }, tests: ['*.test.ts'] })}`
  await writeFile(path.join(folder.path, 'faultline.config.mjs'), config)
  await using run = await startPlainRun({ root: folder.path, signal: new AbortController().signal })
  const blocked: Blocked[] = [{ testId, blockedBy: ['database'], strategy: 'graceful-skip', at: now() }]
  const lines = await run.judge({ definitions: () => [definition], attempts: [], blocked, skipped: [] })
  expect(lines).toEqual([{ testId, line: expect.stringMatching(/^\w+: \w+ \(/) }])
})
