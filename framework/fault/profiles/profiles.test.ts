import { expect, test } from 'vitest'
import { startProxyServer } from '#fault'
import { figuresOf, profileNames, profiles, toxicsOfProfile } from './index.ts'
import { profilesReference } from './reference.ts'

test('the reference of profiles is theirs (write it anew with `vitest run -u`)', async () => {
  await expect(profilesReference(profiles)).toMatchFileSnapshot('../../../docs/reference/profiles.md')
})

test('every name is there once', () => {
  expect(new Set(profileNames()).size).toBe(profiles.length)
})

test('every figure names its source', () => {
  for (const figure of profiles.flatMap(figuresOf)) expect(figure.source, figure.place).not.toBe('')
})

test.each(profiles)('the proxy takes $name as it stands', async (profile) => {
  await using proxy = await startProxyServer({ namesPort: 0 })
  const call = (path: string, body: object) =>
    fetch(proxy.url + path, { method: 'POST', body: JSON.stringify(body) })
  await call('/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' })
  for (const [index, toxic] of toxicsOfProfile(profile).entries()) {
    const response = await call('/proxies/p/toxics', { ...toxic, name: `t${index}` })
    // A ramp has begun to move by the time that the answer is there.
    const { attributes: _, ...rest } = toxic
    expect([response.status, await response.json()]).toMatchObject([200, rest])
  }
})
