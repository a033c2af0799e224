/** Owns an environment of containers, to be killed: brings it up and names its lease and its keeper. */
import { startStack } from './stack.ts'

const { environment, leaseId } = await startStack()
const [keeper] = environment.processes()
process.stdout.write(`${JSON.stringify({ leaseId, keeper: keeper?.pid })}\n`)
void environment.lost.then(() => environment[Symbol.asyncDispose]())
setInterval(() => {}, 60_000)
