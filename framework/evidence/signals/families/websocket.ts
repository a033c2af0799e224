import type { FaultFamily } from '../../signal.ts'
import type { SignalRule } from '../rule.ts'

const closeFamilies: Readonly<Record<number, FaultFamily>> = {
  1000: 'unknown',
  1001: 'cut-short',
  1005: 'cut-short',
  1006: 'cut-short',
  1012: 'cut-short',
  1010: 'misuse',
  1015: 'trust',
}

/** The stable code of a WebSocket close code. */
export function closeStableCode(code: number): string {
  if (code >= 3000) return 'WS.4XXX'
  return code === 1003 || code === 1007 ? 'WS.1003_1007' : `WS.${code}`
}

/** The fault family of a WebSocket close code: broken off, or told by the peer that it failed. */
export function closeFamily(code: number): FaultFamily {
  return closeFamilies[code] ?? 'answered-error'
}

/** Words and codes of `ws` and of browsers; close codes in text are read by the close-code reader. */
export const websocketRules: readonly SignalRule[] = [
  {
    stableCode: 'WS.1002',
    kind: 'message',
    family: 'answered-error',
    means: 'A frame that breaks the protocol: a defect, or a proxy that mangles bytes.',
    codes: [
      'WS_ERR_EXPECTED_FIN',
      'WS_ERR_EXPECTED_MASK',
      'WS_ERR_INVALID_CLOSE_CODE',
      'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
      'WS_ERR_INVALID_OPCODE',
      'WS_ERR_UNEXPECTED_MASK',
      'WS_ERR_UNEXPECTED_RSV_1',
      'WS_ERR_UNEXPECTED_RSV_2_3',
    ],
    texts: [/\bInvalid WebSocket frame\b/],
  },
  {
    stableCode: 'WS.1003_1007',
    kind: 'message',
    family: 'answered-error',
    means: 'Payload that is not of the agreed type or encoding.',
    codes: ['WS_ERR_INVALID_UTF8'],
  },
  {
    stableCode: 'WS.1009',
    kind: 'message',
    family: 'answered-error',
    means: 'A message larger than the receiver allows.',
    codes: ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'],
    texts: [/\bMax payload size exceeded\b/],
  },
  {
    stableCode: 'WS.TOO_MANY_PARTS',
    kind: 'message',
    family: 'answered-error',
    means: 'A message in more pieces than the receiver holds.',
    codes: ['WS_ERR_TOO_MANY_BUFFERED_PARTS'],
  },
  {
    stableCode: 'WS.HANDSHAKE_TIMEOUT',
    kind: 'timeout',
    family: 'no-answer',
    means: 'Connected, and no answer to the upgrade within the limit.',
    texts: [/\bOpening handshake has timed out\b/],
  },
  {
    stableCode: 'WS.NOT_OPEN',
    kind: 'message',
    family: 'misuse',
    means: 'Sent before the socket was open, or after it had closed.',
    texts: [/\bWebSocket is not open: readyState (?:0|2|3)\b[^\n]{0,20}/, /\bStill in CONNECTING state\b/],
    standing: 'consequence',
  },
  {
    stableCode: 'WS.CLOSED_EARLY',
    kind: 'message',
    family: 'misuse',
    means: 'Closed by its own side before it was open.',
    texts: [
      /\bclosed before the connection was established\b/,
      /\bWebSocket is closed before the connection is established\b/,
    ],
  },
]
