import { setTimeout as pause } from 'node:timers/promises'
import { describeWith, InfrastructureAwareTest } from 'faultline/vitest'

class HostileTest extends InfrastructureAwareTest {}

describeWith(HostileTest, 'hostile', (it) => {
  it('passes before', () => {})
  it('kills its own process', async () => {
    // Vitest sends results every 100 ms: what is younger is lost with the process.
    await pause(300)
    process.kill(process.pid, 'SIGKILL')
  })
  it('never gets its turn', () => {})
})
