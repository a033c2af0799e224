import { randomBytes } from 'node:crypto'

const alphabet = '0123456789abcdefghijklmnopqrstuv'
const origin = randomBytes(5)
let counter = randomBytes(3).readUIntBE(0, 3)

/** A fresh id of 20 lower-case letters and digits that sorts by time: seconds, this process, a counter. */
export function requestId(): string {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000))
  origin.copy(bytes, 4)
  counter = (counter + 1) % 2 ** 24
  bytes.writeUIntBE(counter, 9, 3)
  const bits = [...bytes]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .padEnd(100, '0')
  return bits.replace(/.{5}/g, (five) => alphabet[Number.parseInt(five, 2)]!)
}
