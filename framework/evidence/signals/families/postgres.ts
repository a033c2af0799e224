import type { SignalRule } from '../rule.ts'

/** A SQLSTATE with the words that PostgreSQL uses for it. */
const sql = (
  state: string,
  family: SignalRule['family'],
  means: string,
  texts: readonly RegExp[] = [],
  stableCode = `PG.${state}`,
): SignalRule => ({ stableCode, kind: 'sqlstate', family, means, codes: [state], texts })

const connection: readonly SignalRule[] = [
  sql('08006', 'cut-short', 'The connection failed.', [], 'PG.08'),
  sql('08001', 'peer-gone', 'The client could not connect.', [], 'PG.08'),
  sql('08004', 'answered-error', 'The server refused the connection.', [], 'PG.08'),
  sql('08P01', 'answered-error', 'Driver, pooler and server disagree on the protocol.', [
    /\bprotocol synchronization was lost\b/,
  ]),
  sql(
    '08007',
    'cut-short',
    'Whether the commit happened is unknown: later duplicates or gaps follow from it.',
  ),
  sql('40003', 'cut-short', 'Whether the statement completed is unknown.', [], 'PG.08007'),
  sql(
    '57P01',
    'cut-short',
    'The server ended the session: restart, fail-over, or somebody’s terminate call.',
    [/\bterminating connection due to administrator command\b/],
  ),
  sql('57P02', 'cut-short', 'The server crashed, or went down hard.', [
    /\bterminating connection because of crash of another server process\b/,
  ]),
  sql('57P03', 'answered-error', 'The server is starting, stopping or recovering.', [
    /\bthe database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections)\b/,
  ]),
  sql('57P04', 'misuse', 'The database was dropped under the session.'),
  sql('57P05', 'misuse', 'The server ended a session that was idle for too long.', [
    /\bdue to idle-session timeout\b/,
  ]),
  sql(
    '28P01',
    'answered-error',
    'Wrong password: a rotated secret, or a wrong setting.',
    [/\bpassword authentication failed\b/],
    'PG.28',
  ),
  sql(
    '28000',
    'answered-error',
    'The server does not let this user in from here.',
    [/\bno pg_hba\.conf entry\b/, /\brole "[^"\n]{1,63}" does not exist\b/],
    'PG.28',
  ),
  sql('3D000', 'misuse', 'The database does not exist (yet).', [
    /\bdatabase "[^"\n]{1,63}" does not exist\b/,
  ]),
]

const limits: readonly SignalRule[] = [
  sql('53300', 'answered-error', 'No connection slot is free: a low limit, or a pool that leaks.', [
    /\bremaining connection slots are reserved\b/,
    /\bsorry, too many clients already\b/,
    /\btoo many connections for (?:role|database)\b/,
  ]),
  sql('53100', 'starved', 'The database’s disk is full.', [/\bcould not extend file\b/]),
  sql('53200', 'starved', 'The database has no memory left, or a query asks for too much.'),
  sql('53400', 'starved', 'A configured limit of the database is reached.'),
  sql('54000', 'answered-error', 'The statement exceeds a fixed limit.', [], 'PG.54'),
  sql('57014', 'no-answer', 'A statement was cancelled: its time limit, or somebody’s cancel call.', [
    /\bcanceling statement due to (?:statement timeout|user request|conflict with recovery)\b/,
  ]),
  sql('25P03', 'misuse', 'A transaction was left open.', [/\bdue to idle-in-transaction timeout\b/]),
  {
    ...sql('25P02', 'unknown', 'An earlier statement of the transaction failed.', [
      /\bcurrent transaction is aborted\b/,
    ]),
    standing: 'consequence',
  },
  sql('25006', 'answered-error', 'Written to a read-only server: a replica, or a fail-over under way.', [
    /\bin a read-only transaction\b/,
  ]),
  sql('40001', 'answered-error', 'Two transactions collided: the application has to try again.', [
    /\bcould not serialize access\b/,
  ]),
  sql('40P01', 'answered-error', 'Two transactions waited for each other.', [
    /\bdeadlock detected\b/,
    /\bblocked by process\b/,
  ]),
  sql('55P03', 'answered-error', 'A lock was held by somebody else.', [
    /\bcanceling statement due to lock timeout\b/,
    /\bcould not obtain lock on\b/,
  ]),
  sql('55006', 'misuse', 'Somebody still uses what was to be dropped.', [
    /\bis being accessed by other users\b/,
  ]),
  sql('58030', 'answered-error', 'The database’s storage failed.', [], 'PG.58'),
  sql('XX000', 'answered-error', 'An internal error of the database.', [], 'PG.XX'),
]

const statements: readonly SignalRule[] = [
  sql('42P01', 'answered-error', 'No such table: a missing migration, or a lost volume.', [
    /\brelation "[^"\n]{1,130}" does not exist\b/,
  ]),
  sql(
    '42703',
    'answered-error',
    'No such column.',
    [/\bcolumn (?:"[^"\n]{1,130}"|[\w.<>]{1,130}) (?:of relation "[^"\n]{1,130}" )?does not exist\b/],
    'PG.42P01',
  ),
  sql('42501', 'answered-error', 'The role lacks a grant.', [
    /\bpermission denied for (?:table|schema|relation|database|sequence|function)\b/,
  ]),
  sql('42601', 'answered-error', 'SQL that does not parse.', [/\bsyntax error at or near\b/]),
  sql(
    '42883',
    'answered-error',
    'No such function or operator.',
    [/\bfunction [^\n]{1,200} does not exist\b/],
    'PG.42601',
  ),
  sql('42804', 'answered-error', 'Types that do not fit.', [], 'PG.42601'),
  sql(
    '22001',
    'answered-error',
    'A value is longer than its column.',
    [/\bvalue too long for type character varying(?:\(\d{1,9}\))?/],
    'PG.22',
  ),
  sql(
    '22P02',
    'answered-error',
    'Text that is not of the type.',
    [/\binvalid input syntax for (?:type )?\w{1,63}/],
    'PG.22',
  ),
  sql('23505', 'answered-error', 'The key exists already.', [
    /\bduplicate key value violates unique constraint\b/,
  ]),
  sql('23503', 'answered-error', 'A reference has no target.', [/\bviolates foreign key constraint\b/]),
  sql('23502', 'answered-error', 'A value is missing.', [/\bviolates not-null constraint\b/], 'PG.23503'),
  sql('23514', 'answered-error', 'A value is not allowed.', [/\bviolates check constraint\b/], 'PG.23503'),
]

const client: readonly SignalRule[] = [
  {
    stableCode: 'PG.CLIENT_TERMINATED',
    kind: 'message',
    family: 'cut-short',
    means: 'The connection ended and nobody had asked for it.',
    codes: ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED'],
    texts: [
      /\bConnection terminated(?: unexpectedly| by user)?(?! due)\b/,
      /\bserver closed the connection unexpectedly\b/,
      /\bClient has encountered a connection error and is not queryable\b/,
    ],
  },
  {
    stableCode: 'PG.CLIENT_UNREACHABLE',
    kind: 'message',
    family: 'peer-gone',
    means: 'The client could not reach the database, for a reason that it does not tell.',
    texts: [
      /\bCan't reach database server at `?(?<host>[^\s:`]{1,253}):(?<port>\d{1,5})/,
      /\bThe connection attempt failed\b/,
    ],
  },
  {
    stableCode: 'PG.CLIENT_SETTINGS',
    kind: 'message',
    family: 'misuse',
    means: 'The client was set up wrongly for this server.',
    texts: [/\bclient password must be a string\b/, /\bSSL connection is required\b/],
  },
  {
    stableCode: 'PG.CLIENT_TIMEOUT',
    kind: 'timeout',
    family: 'no-answer',
    means: 'No connection to the database within the client’s limit.',
    codes: ['CONNECT_TIMEOUT'],
    entails: ['PG.CLIENT_TERMINATED'],
    texts: [
      /\bConnection terminated due to connection timeout\b/,
      /^(?:Error: )?timeout expired$/m,
      /\bConnectionError\(Timeout\)?/,
    ],
  },
  {
    stableCode: 'PG.POOL_EXHAUSTED',
    kind: 'timeout',
    family: 'no-answer',
    means: 'The pool had no free connection: all in use, leaked, or connecting in vain.',
    texts: [
      /\btimeout exceeded when trying to connect\b/,
      /\bTimeout acquiring a connection\b/,
      /\bTimed out fetching a new connection from the connection pool\b/,
    ],
  },
  {
    stableCode: 'PG.QUERY_TIMEOUT',
    kind: 'timeout',
    family: 'no-answer',
    means: 'The client gave up on a query.',
    texts: [/\bQuery read timeout\b/],
  },
  {
    stableCode: 'PG.POOL_ENDED',
    kind: 'message',
    family: 'misuse',
    means: 'A client or pool was used after its end.',
    codes: ['CONNECTION_ENDED'],
    texts: [/\bCannot use a pool after calling end\b/, /\bClient was closed and is not queryable\b/],
  },
  {
    stableCode: 'PG.QUERY_FAILED',
    kind: 'message',
    family: 'unknown',
    means: 'Says only that a query failed: the reason is its cause.',
    texts: [/\bFailed query\b/],
    standing: 'wrapper',
  },
]

/** PostgreSQL and its clients. */
export const postgresRules: readonly SignalRule[] = [...connection, ...limits, ...statements, ...client]

/** What a SQLSTATE that is not listed means by its class, the first two characters. */
export const sqlstateClasses: Readonly<Record<string, { stableCode: string; family: SignalRule['family'] }>> =
  {
    '08': { stableCode: 'PG.08', family: 'peer-gone' },
    '0A': { stableCode: 'PG.0A', family: 'answered-error' },
    '21': { stableCode: 'PG.21', family: 'answered-error' },
    '22': { stableCode: 'PG.22', family: 'answered-error' },
    '23': { stableCode: 'PG.23', family: 'answered-error' },
    '24': { stableCode: 'PG.24', family: 'answered-error' },
    '25': { stableCode: 'PG.25', family: 'answered-error' },
    '26': { stableCode: 'PG.26', family: 'answered-error' },
    '28': { stableCode: 'PG.28', family: 'answered-error' },
    '2B': { stableCode: 'PG.2B', family: 'answered-error' },
    '2D': { stableCode: 'PG.2D', family: 'answered-error' },
    '34': { stableCode: 'PG.34', family: 'answered-error' },
    '3B': { stableCode: 'PG.3B', family: 'answered-error' },
    '3D': { stableCode: 'PG.3D000', family: 'misuse' },
    '3F': { stableCode: 'PG.3F', family: 'answered-error' },
    '40': { stableCode: 'PG.40', family: 'answered-error' },
    '42': { stableCode: 'PG.42', family: 'answered-error' },
    '44': { stableCode: 'PG.44', family: 'answered-error' },
    '53': { stableCode: 'PG.53', family: 'starved' },
    '54': { stableCode: 'PG.54', family: 'answered-error' },
    '55': { stableCode: 'PG.55', family: 'answered-error' },
    '57': { stableCode: 'PG.57', family: 'answered-error' },
    '58': { stableCode: 'PG.58', family: 'answered-error' },
    F0: { stableCode: 'PG.F0', family: 'answered-error' },
    HV: { stableCode: 'PG.HV', family: 'answered-error' },
    P0: { stableCode: 'PG.P0', family: 'answered-error' },
    XX: { stableCode: 'PG.XX', family: 'answered-error' },
  }
