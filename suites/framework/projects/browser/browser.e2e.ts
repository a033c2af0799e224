import { BrowserTest, describeWith } from 'faultline/vitest'

class PageTest extends BrowserTest {
  static override readonly needs = { app: 'required' } as const
}

describeWith(PageTest, 'a page', (it) => {
  it('shows what the entry serves', async (t) => {
    await t.page.goto('/')
    t.expect(await t.page.textContent('h1')).toBe('Hello')
  })

  it('has a context of its own', async (t) => {
    await t.page.goto('/')
    t.expect(await t.page.evaluate('localStorage.length')).toBe(0)
    await t.page.evaluate('localStorage.setItem("a", "b")')
  })

  it('finds nothing of the test before', async (t) => {
    await t.page.goto('/')
    t.expect(await t.page.evaluate('localStorage.length')).toBe(0)
  })

  it('meets a cut connection', async (t) => {
    await t.page.goto('/cut')
  })

  it('waits for an answer that never comes', async (t) => {
    await t.page.goto('/silent', { timeout: 300 })
  })
})
