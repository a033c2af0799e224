import { checkTimeoutBudget, compareTimeoutBudgets } from 'faultline'
import { ApiTest, describeWith } from 'faultline/vitest'
import { type Configuration, declareConfiguration } from '../../fixtures/backend/configuration.ts'
import { budgetOf } from './budget.ts'

class ConfigurationTest extends ApiTest {
  static override readonly needs = {} as const

  /** What the running process says that it uses. */
  async configuration(): Promise<Configuration> {
    const reply = await this.http.get('/health/configuration')
    this.expect(reply.status).toBe(200)
    return reply.json<Configuration>()
  }
}

describeWith(ConfigurationTest, 'the configuration of the running process', (it) => {
  it('has no two limits that disagree', async (t) => {
    const found = checkTimeoutBudget(budgetOf(await t.configuration()))
    t.expect(found, found.map(({ message }) => message).join('; ')).toEqual([])
  })

  it('is the one that is declared for its environment', async (t) => {
    const running = await t.configuration()
    const declared = declareConfiguration(running.environment)
    const found = compareTimeoutBudgets(budgetOf(declared), budgetOf(running))
    t.expect(found, found.map(({ message }) => message).join('; ')).toEqual([])
  })
})
