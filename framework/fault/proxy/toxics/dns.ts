import { defineToxic, type NameAnswer } from './toxic.ts'

const answers: readonly string[] = [
  'address',
  'nxdomain',
  'servfail',
  'silent',
] satisfies NameAnswer['answer'][]

/** What whoever looks up the proxy's name is answered, and how late; kept connections go on. */
export const dns = defineToxic({
  type: 'dns',
  defaults: { answer: 'address', delay: 0 },
  problem: ({ answer }) => (answers.includes(answer) ? undefined : `answer is one of ${answers.join(', ')}`),
  nameAnswer: ({ answer, delay }) => ({ answer: answer as NameAnswer['answer'], delayMs: delay }),
})
