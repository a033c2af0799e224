import { after } from '../timer.ts'
import { defineToxic } from './toxic.ts'

/**
 * What NAT gateways and load balancers do to a connection that was idle, both ways, for `after` ms. `silent`: nothing
 * passes any more and nobody is told. `rst`: the same, and the side that speaks next is reset. `fin`: both sides are closed.
 */
export const idleDeath = defineToxic({
  type: 'idle_death',
  defaults: { after: 0, mode: 'silent' },
  problem({ after, mode }) {
    if (!['silent', 'rst', 'fin'].includes(mode)) return 'mode must be silent, rst or fin'
    return after > 0 ? undefined : 'after must be more than 0'
  },
  watch(connection) {
    let quietSince = performance.now()
    let isDead = false
    let cancel = () => {}
    const check = () => {
      const left = quietSince + connection.attributes.after - performance.now()
      if (left > 1) cancel = after(left, check)
      else if (connection.acts) die()
      else cancel = after(connection.attributes.after, check)
    }
    const die = () => {
      isDead = true
      connection.touch()
      if (connection.attributes.mode === 'fin') connection.close()
      else connection.silence()
    }
    connection.onData((direction) => {
      quietSince = performance.now()
      if (isDead && connection.attributes.mode === 'rst') connection.resetSender(direction)
    })
    cancel = after(connection.attributes.after, check)
    return { [Symbol.dispose]: () => cancel() }
  },
})
