import { describeWith, http, testWith, ws } from 'faultline/vitest'

const plant = JSON.parse(process.env['PLANT'] ?? '{}') as Record<string, string>

class LeakyTest extends testWith(http, ws) {
  static override readonly needs = {} as const
  static override readonly timeoutMs: number = 20_000
}

const headers = {
  authorization: `Bearer ${plant['bearer']}`,
  'x-api-key': plant['apiKey'] ?? '',
  cookie: `sid=${plant['cookie']}; theme=dark; other=${plant['secondCookie']}`,
}

describeWith(LeakyTest, 'leaks', (it) => {
  it('an answer is not as expected', async (t) => {
    const reply = await t.http.get(`/orders?token=${plant['queryToken']}`, { headers })
    console.log('sent', headers, 'got', reply)
    t.expect(reply.status, reply.text).toBe(200)
  })
  it('an answer is compared as a whole', async (t) => {
    const reply = await t.http.get('/orders', { headers })
    t.expect({ ...reply, sent: headers }).toEqual({ status: 200 })
  })
  it('an error tells what was sent', async (t) => {
    await t.http.get('/orders', { headers })
    const basic = Buffer.from(`ada:${plant['basic']}`).toString('base64')
    throw new Error(`GET /orders failed with Authorization: Basic ${basic}`, {
      cause: new Error(`password: "${plant['causePassword']}"`),
    })
  })
  it('an error names an address', async () => {
    throw new Error(`could not connect to postgres://chat:${plant['dsnInError']}@db/chat`)
  })
  it('an error quotes variables', async () => {
    const { OWN_TOKEN, INHERITED_TOKEN } = process.env
    throw new Error(`is it ${OWN_TOKEN}, ${Buffer.from(`x:${INHERITED_TOKEN}`).toString('hex')}?`)
  })
  it('a socket is refused', async (t) => {
    await t.ws.connect(`/ws?token=${plant['socketToken']}`, { headers })
  })
})
