/** Owns an environment of containers, to be killed: brings it up and names its lease and its keeper. */
import { composed, small, startStack } from './stack.ts'

const { environment, leaseId } = await startStack(process.argv[2] === 'composed' ? composed : small)
const [keeper] = environment.processes()
process.stdout.write(`${JSON.stringify({ leaseId, keeper: keeper?.pid })}\n`)
void environment.lost.then(() => environment[Symbol.asyncDispose]())
setInterval(() => {}, 60_000)
