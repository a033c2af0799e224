import type { SignalRule } from '../rule.ts'

const time = (
  stableCode: string,
  family: SignalRule['family'],
  means: string,
  ...texts: RegExp[]
): SignalRule => ({
  stableCode,
  kind: 'timeout',
  family,
  means,
  texts,
})

const timeouts: readonly SignalRule[] = [
  time(
    'PW.TEST_TIMEOUT',
    'no-answer',
    'The test’s whole time is up: the last pending step says more.',
    /\bTest timeout of (?<code>\d{1,9} ?ms) exceeded\b[^\n]{0,80}/,
  ),
  time(
    'PW.ACTION_TIMEOUT',
    'no-answer',
    'A step never became possible: the page, the locator, or data that never came.',
    /\b(?<!Test )Timeout (?<code>\d{1,9} ?ms) exceeded\b[^\n]{0,80}/,
  ),
  time(
    'PW.EXPECT_TIMEOUT',
    'wrong-value',
    'An expectation was polled until its limit.',
    /\bTimed out (?<code>\d{1,9} ?ms) waiting for\b[^\n]{0,80}/,
    /\bexpect\.\w{1,40} with timeout (?<code>\d{1,9} ?ms)/i,
    /^[ \t]{0,12}Timeout: {1,4}(?<code>\d{1,9} ?ms)[ \t]{0,4}$/m,
  ),
  time(
    'PW.WEBSERVER_TIMEOUT',
    'no-answer',
    'The configured web server was not up in time.',
    /\bTimed out waiting (?<code>\d{1,9} ?ms) from config\.webServer\b/,
  ),
  time('VT.TIMEOUT', 'no-answer', 'The test’s time is up.', /\bTest timed out in (?<code>\d{1,9} ?ms)/),
  time(
    'VT.HOOK_TIMEOUT',
    'no-answer',
    'A hook’s time is up: set-up or tear-down.',
    /\bHook timed out in (?<code>\d{1,9} ?ms)/,
  ),
  time(
    'RUN.TIMEOUT',
    'no-answer',
    'Another test runner’s time limit.',
    /\bTimeout of (?<code>\d{1,9} ?ms) exceeded\b/,
    /\bExceeded timeout of (?<code>\d{1,9} ?ms) for a (?:test|hook)\b/,
    /\btest timed out after (?<code>\d{1,9} ?ms)/,
  ),
]

const assertions: readonly SignalRule[] = [
  {
    stableCode: 'VT.ASSERT',
    kind: 'assertion',
    family: 'wrong-value',
    means: 'A value is not the expected one.',
    codes: ['ERR_ASSERTION'],
    texts: [
      /\bexpect\((?:received|locator|page|value|string)?\)(?:\.(?:not|resolves|rejects|soft)){0,2}\.(?<code>to\w{1,40})\((?:expected)?\)[^\n]{0,60}/,
      /\bAssertionError: (?:[^\n]{0,400}?\bto (?<code>[a-z]{2,20}(?: [a-z]{1,20}){0,2})[^\n]{0,60})?/,
      /\bAssertionError \[(?<code>ERR_ASSERTION)\]/,
    ],
  },
  {
    stableCode: 'PW.SNAPSHOT',
    kind: 'assertion',
    family: 'wrong-value',
    means: 'A picture or snapshot differs, or has no baseline.',
    texts: [
      /\bNew snapshot was not written\b/,
      /\bSnapshot (?:mismatch|`[^`\n]{1,200}` mismatched)/i,
      /\bScreenshot comparison failed\b/,
      /\bA snapshot doesn't exist at\b/,
    ],
  },
]

const selectors: readonly SignalRule[] = [
  {
    stableCode: 'PW.STRICT',
    kind: 'selector',
    family: 'misuse',
    means: 'The locator fits more than one element.',
    texts: [/\bstrict mode violation\b/],
  },
  {
    stableCode: 'PW.NOT_FOUND',
    kind: 'selector',
    family: 'wrong-value',
    means: 'The element was never there: a defect, a stale selector, or data that never came.',
    texts: [/\belement\(s\) not found\b/],
  },
  {
    stableCode: 'PW.STATE',
    kind: 'selector',
    family: 'wrong-value',
    means: 'The element was there in another state.',
    texts: [/\bReceived: (?<code>hidden|disabled|detached|not editable|unchecked)\b/],
  },
  {
    stableCode: 'PW.COVERED',
    kind: 'selector',
    family: 'wrong-value',
    means: 'The element can’t be acted on: covered, hidden, moving, disabled.',
    texts: [
      /\bintercepts pointer events\b/,
      /\belement is (?:not (?:attached|visible|enabled|stable)|outside of the viewport)\b/,
    ],
  },
]

const runtime: readonly SignalRule[] = [
  {
    stableCode: 'VT.TYPEERROR_TEST',
    kind: 'runtime',
    family: 'misuse',
    means: 'Code met a value that it did not expect; after a failed answer only a consequence of it.',
    texts: [
      /\b(?<code>TypeError|ReferenceError|RangeError): (?!Max payload|fetch failed|terminated|Invalid URL|Failed to parse URL|Load failed)[^\n]{1,160}/,
    ],
  },
  {
    stableCode: 'VT.IMPORT',
    kind: 'runtime',
    family: 'misuse',
    means: 'A file did not load: nothing was tested.',
    codes: [
      'ERR_MODULE_NOT_FOUND',
      'MODULE_NOT_FOUND',
      'ERR_UNKNOWN_FILE_EXTENSION',
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    ],
    texts: [
      /\bCannot find (?:module|package) '[^'\n]{1,300}'/,
      /\bFailed to resolve import "[^"\n]{1,300}"/,
      /\bFailed to load url\b/,
      /\bSyntaxError: (?!Unexpected (?:end of JSON|token[^\n]{0,120}JSON)|Unterminated string in JSON)[^\n]{1,120}/,
    ],
  },
  {
    stableCode: 'VT.UNHANDLED',
    kind: 'message',
    family: 'unknown',
    means: 'An error outside every test: what it carries says more.',
    texts: [
      /\bUnhandled (?:Rejection|Errors?)\b/,
      /\bUnhandledPromiseRejection\w{0,20}/,
      /\bhad uncaught exceptions\b/,
    ],
    standing: 'wrapper',
  },
  {
    stableCode: 'VT.WORKER',
    kind: 'message',
    family: 'starved',
    means: 'A test worker died or stopped answering.',
    texts: [
      /\bWorker exited unexpectedly\b/,
      /\bworker process exited unexpectedly\b[^\n]{0,60}/,
      /\bTimeout calling "?\w{1,40}"?/,
      /\bWorker forks emitted error\b/,
      /^(?:Error: )?Channel closed$/m,
    ],
  },
  {
    stableCode: 'PW.WEBSERVER_EXIT',
    kind: 'message',
    family: 'peer-gone',
    means: 'The configured web server ended at its start.',
    texts: [/\bProcess from config\.webServer (?:was not able to start|exited early)\b[^\n]{0,40}/],
  },
  {
    stableCode: 'PW.TEST_NOT_FOUND',
    kind: 'message',
    family: 'misuse',
    means: 'The worker does not know the test: its title changes from run to run.',
    texts: [/\bTest not found in the worker process\b/],
  },
  {
    stableCode: 'PW.INTERRUPTED',
    kind: 'message',
    family: 'unknown',
    means: 'The run was cancelled: unfinished tests are unknown, not failed.',
    texts: [/\bTest was interrupted\b/],
  },
  {
    stableCode: 'RUN.NO_TESTS',
    kind: 'message',
    family: 'misuse',
    means: 'Nothing was run: never green.',
    texts: [/\bNo test (?:files|suites?) found\b/i, /\bNo tests found\b/],
  },
]

/** Playwright Test, Vitest, and what other runners say in their place. */
export const runnerRules: readonly SignalRule[] = [...timeouts, ...assertions, ...selectors, ...runtime]
