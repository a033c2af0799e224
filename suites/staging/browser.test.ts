import { BrowserTest, describeWith } from 'faultline/vitest'

/** What somebody who waits would still wait. */
const limitMs = 10_000

class WebChatTest extends BrowserTest {
  static override readonly needs = { database: 'required', auth: 'required', model: 'optional' } as const
}

describeWith(WebChatTest, 'the web page', (it) => {
  it('lets somebody sign in, send a message and read the answer', async (t) => {
    t.page.setDefaultTimeout(limitMs)
    await t.page.goto('/')
    await t.page.getByLabel('Your name').fill('Ada')
    await t.page.getByRole('button', { name: 'Sign in' }).click()
    await t.page.getByLabel('Message').fill('hello from a browser')
    await t.page.getByRole('button', { name: 'Send' }).click()
    const answer = t.page.locator('[data-role=assistant][data-done=true]')
    t.expect(await answer.textContent()).toBe('You wrote 4 words: hello from a browser')
  })
})
