import { defineToxic } from './toxic.ts'

/** Ends every connection that it applies to as soon as it is on: `rst` or `fin`, to both sides. */
export const cut = defineToxic({
  type: 'cut',
  defaults: { mode: 'rst' },
  problem: ({ mode }) => (mode === 'rst' || mode === 'fin' ? undefined : 'mode must be rst or fin'),
  watch(connection) {
    connection.onActive(() => {
      connection.touch()
      if (connection.attributes.mode === 'rst') connection.reset()
      else connection.close()
    })
    return { [Symbol.dispose]() {} }
  },
})
