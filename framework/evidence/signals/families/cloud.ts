import type { SignalRule } from '../rule.ts'

const said = (
  stableCode: string,
  family: SignalRule['family'],
  means: string,
  ...texts: RegExp[]
): SignalRule => ({
  stableCode,
  kind: 'message',
  family,
  means,
  texts,
})

/** Cloud Run, Cloud SQL and Google’s interfaces. */
export const cloudRules: readonly SignalRule[] = [
  said(
    'GCP.RUN_NO_INSTANCE',
    'answered-error',
    'No instance was free to take the request.',
    /\bno available instance\b/,
  ),
  said(
    'GCP.RUN_MALFORMED',
    'cut-short',
    'The platform lost the instance in the middle of an answer.',
    /\bHTTP response was malformed or connection to the instance had an error\b/,
  ),
  said(
    'GCP.RUN_OOM',
    'starved',
    'The instance went over its memory.',
    /\bMemory limit of [^\n]{1,40} exceeded\b/,
  ),
  said(
    'GCP.RUN_START',
    'peer-gone',
    'The container did not begin to listen.',
    /\bfailed to start and (?:then )?listen on the port defined\b/i,
    /\bfailed to listen on the port defined by the PORT\b/i,
    /\bContainer called exit\(\d{1,3}\)/,
    /\bis not ready and cannot serve traffic\b/,
  ),
  said(
    'GCP.SQL_SOCKET',
    'peer-gone',
    'The local socket of Cloud SQL is not there.',
    /\bCloud SQL instance [^\n]{0,200}is not reachable\b/,
    /\bCloud ?SQL connection failed\b/i,
    /\B\/cloudsql\/[\w<>:.-]{1,120}/,
  ),
  said(
    'GCP.SQL_IAM',
    'answered-error',
    'The role may not do that.',
    /\bNOT_AUTHORIZED\b/,
    /\bPERMISSION_DENIED\b/,
  ),
  said(
    'GCP.VPC_CONNECTOR',
    'no-answer',
    'The connector into the private network is not working.',
    /\bVPC (?:Access )?connector [^\n]{0,120}(?:not ready|ERROR state|is in a bad state)/i,
  ),
  said(
    'GCP.QUOTA',
    'answered-error',
    'A quota of the platform is used up.',
    /\bRESOURCE_EXHAUSTED\b/,
    /\bQuota exceeded\b/,
    /\brateLimitExceeded\b/,
  ),
  said(
    'GCP.UNAVAILABLE',
    'no-answer',
    'The service was not available in time.',
    /\b14 UNAVAILABLE\b/,
    /\b4 DEADLINE_EXCEEDED\b/,
  ),
  said('GCP.INVALID', 'misuse', 'The request itself is not valid.', /\bINVALID_ARGUMENT\b/),
  said('GCP.AUTH', 'misuse', 'No credentials on this machine.', /\bCould not load the default credentials\b/),
]
