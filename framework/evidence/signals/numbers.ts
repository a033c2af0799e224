import { isListedState, type Meaning, meaningOfClose, meaningOfState, meaningOfStatus } from './vocabulary.ts'

/** A way in which text names a number that is a code; group `code` holds it. */
export interface NumberReader {
  readonly pattern: RegExp
  /** What the number means, or undefined when it is none of this kind. */
  readonly meaning: (code: string) => Meaning | undefined
}

const reasons =
  'Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Unprocessable Entity|Too Many Requests|Request Time-?out|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out'

const status = (pattern: RegExp): NumberReader => ({
  pattern,
  meaning: (code) => meaningOfStatus(Number(code)),
})

/** How HTTP statuses are written: by clients, servers, proxies and access logs. */
const statuses: readonly NumberReader[] = [
  status(/\bunexpected (?:server )?response(?: code)?[: (]{1,3}(?<code>[1-5]\d\d)\b/i),
  status(/(?<!unexpected )\bresponse code:? (?<code>[45]\d\d)\b/i),
  status(/\bHTTP\/\d(?:\.\d)? (?<code>[45]\d\d)\b/),
  status(/\bHTTP (?:error |status |code )?[(:]{0,2}(?<code>[45]\d\d)\b/i),
  status(/(?:\b|http)status(?:[ _]?code)?["']?(?: ?[:=] ?| )["']?(?<code>[45]\d\d)\b/i),
  status(/"code": ?(?<code>[45]\d\d)(?=[\s,}])/),
  status(/\berror:? (?<code>[45]\d\d)\b(?! ?ms)/i),
  status(
    /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s(?:[^\s]{1,300}\s)?(?:HTTP\/\d\.\d"?\s)?(?<code>[45]\d\d)\b(?! ?ms)/,
  ),
  status(new RegExp(`\\b(?<code>[45]\\d\\d) (?:${reasons})\\b`, 'i')),
]

const close = (pattern: RegExp): NumberReader => ({
  pattern,
  meaning: (code) => meaningOfClose(Number(code)),
})

/** How WebSocket close codes are written. */
const closes: readonly NumberReader[] = [
  close(/\bclosed? (?:with )?(?:code )?[:=(]?\s?(?<code>10(?:0\d|1[0-5])|[34]\d{3})\b(?! ?(?:ms|bytes))/i),
  close(/\b(?:close)?code["']?(?:[:=] ?| )(?<!HTTP code )(?<code>10(?:0\d|1[0-5]))\b/i),
  close(/\bstatus-code\)\]: (?<code>10(?:0\d|1[0-5]))\b/),
  close(/\bWebSocket\b[^\n]{0,80}[\s(](?<code>10(?:0\d|1[0-5]))\b(?! ?(?:ms|bytes))/i),
]

/** How SQLSTATEs are written. An unquoted number counts only when the vocabulary lists it. */
const states: readonly NumberReader[] = [
  { pattern: /\bSQLSTATE[[( :=]{1,3}['"]?(?<code>[0-9A-Z]{5})\b/i, meaning: meaningOfState },
  {
    pattern: /(?:code|sqlstate)\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](?<code>[0-9A-Z]{5})\\?["']/i,
    meaning: meaningOfState,
  },
  {
    pattern: /\b(?:SQL state: ?|code=)(?<code>[0-9A-Z]{5})\b/i,
    meaning: (code) => (isListedState(code) ? meaningOfState(code) : undefined),
  },
  {
    pattern: /(?:code:? ?|[(\s])(?<code>[0-9][0-9A-Z]{4})(?=\)|: )/,
    meaning: (code) => (isListedState(code) ? meaningOfState(code) : undefined),
  },
]

/** Every reader of codes that are numbers, or look like one. */
export const numberReaders: readonly NumberReader[] = [...statuses, ...closes, ...states]
