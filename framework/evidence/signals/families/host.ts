import type { SignalRule } from '../rule.ts'

/** The machine that runs something: files, memory, processes. */
export const hostRules: readonly SignalRule[] = [
  {
    stableCode: 'HOST.EMFILE',
    kind: 'resource',
    family: 'starved',
    means: 'The process has no file descriptor left: a leak, or a low limit.',
    codes: ['EMFILE'],
    texts: [/(?<!EMFILE: )\btoo many open files\b/i],
  },
  {
    stableCode: 'HOST.ENFILE',
    kind: 'resource',
    family: 'starved',
    means: 'The machine has no file descriptor left.',
    codes: ['ENFILE'],
  },
  {
    stableCode: 'HOST.ENOSPC',
    kind: 'resource',
    family: 'starved',
    means: 'The disk is full, or the limit of file watchers is reached.',
    codes: ['ENOSPC'],
    texts: [/(?<!ENOSPC: )\bno space left on device\b/i],
  },
  {
    stableCode: 'HOST.ENOMEM',
    kind: 'resource',
    family: 'starved',
    means: 'No memory: a leak, a low limit, or a starved machine.',
    codes: ['ENOMEM', 'ERR_WORKER_OUT_OF_MEMORY'],
    texts: [/(?<!ENOMEM: )\bcannot allocate memory\b/i],
  },
  {
    stableCode: 'HOST.ENOMEM',
    kind: 'resource',
    family: 'starved',
    means: 'V8’s own limit, or the kernel’s killer of processes.',
    texts: [/\bheap out of memory\b/i, /\bOOM(?:ErrorHandler|Killed|-?kill(?:ed)?)\b/i],
  },
  {
    stableCode: 'HOST.EACCES',
    kind: 'errno',
    family: 'misuse',
    means: 'Not permitted: a changed user or image, or a policy of the machine.',
    codes: ['EACCES', 'EPERM'],
  },
  {
    stableCode: 'HOST.ENOENT',
    kind: 'errno',
    family: 'misuse',
    means: 'A file, program or local socket is missing.',
    codes: ['ENOENT'],
  },
  {
    stableCode: 'HOST.EAGAIN_FORK',
    kind: 'resource',
    family: 'starved',
    means: 'No further process could be started.',
    texts: [/\bspawn\b[^\n]{0,200}\bEAGAIN\b/, /\bfork: (?:retry: )?resource temporarily unavailable\b/i],
  },
  {
    stableCode: 'HOST.LIBRARY_MISSING',
    kind: 'resource',
    family: 'misuse',
    means: 'The machine’s image lacks a shared library.',
    texts: [
      /\b(?<code>lib[\w.+-]{1,60}\.so(?:\.\d{1,4}){0,3})(?=\s|:|$|\u2551)/m,
      /^[\s\u2551]{0,40}(?<code>[\w.-]{1,60}\.dll)[\s\u2551]{0,40}$/m,
    ],
  },
  {
    stableCode: 'HOST.CLOCK_SKEW',
    kind: 'message',
    family: 'misuse',
    means: 'Times of two machines disagree: a token or certificate is not valid yet.',
    texts: [/\bjwt not active\b/i, /\bclock skew\b/i, /\btoken used (?:too early|before issued)\b/i],
  },
  {
    stableCode: 'RUN.EXIT_137',
    kind: 'resource',
    family: 'starved',
    means: 'Killed from outside (SIGKILL): out of memory, or the job was stopped.',
    texts: [
      /\bexit(?:ed)?(?: with)?(?: (?:code|status))?[ :=(]{1,3}(?<code>137)\b/i,
      /\b(?:signal|killed by)[ :=]{1,3}['"]?(?<code>SIGKILL)\b/i,
    ],
  },
  {
    stableCode: 'RUN.CRASHED',
    kind: 'resource',
    family: 'peer-gone',
    means: 'The process crashed by itself: a broken native module, or V8 out of memory.',
    texts: [
      /\bexit(?:ed)?(?: with)?(?: (?:code|status))?[ :=(]{1,3}(?<code>13[49])\b/i,
      /\bsegmentation fault\b/i,
      /\bsignal[ :=]{1,3}['"]?(?<code>SIG(?:SEGV|ABRT))\b/,
    ],
  },
  {
    stableCode: 'RUN.EXIT_143',
    kind: 'resource',
    family: 'unknown',
    means: 'Asked to end from outside (SIGTERM): preemption, a cancelled job, a drain.',
    texts: [
      /\bexit(?:ed)?(?: with)?(?: (?:code|status))?[ :=(]{1,3}(?<code>143)\b/i,
      /\b(?:signal|killed by)[ :=]{1,3}['"]?(?<code>SIGTERM)\b/i,
    ],
  },
]
