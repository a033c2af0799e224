import type { SignalRule } from '../rule.ts'

const said = (
  stableCode: string,
  family: SignalRule['family'],
  means: string,
  ...texts: RegExp[]
): SignalRule => ({
  stableCode,
  kind: 'docker',
  family,
  means,
  texts,
})

/** Docker and Testcontainers. */
export const dockerRules: readonly SignalRule[] = [
  said(
    'CTR.NO_RUNTIME',
    'peer-gone',
    'No container runtime answers on this machine.',
    /\bCould not find a working container runtime strategy\b/,
    /\bCannot connect to the Docker daemon\b/,
    /\bCould not find a valid Docker environment\b/,
    /\B\/var\/run\/docker\.sock\b/,
  ),
  said('CTR.PULL_RATE', 'answered-error', 'The registry’s limit of pulls is reached.', /\btoomanyrequests\b/),
  said(
    'CTR.PULL_FAIL',
    'answered-error',
    'An image did not come: the registry is out, or there is no such image.',
    /\bFailed to pull image\b/,
    /\bmanifest unknown\b/,
    /\bpull access denied\b/,
    /\bNo such image\b/i,
    /\bCan't get Docker image\b/,
    /\bmanifest for [^\s\n]{1,300} not found\b/,
  ),
  said(
    'CTR.NAME_TAKEN',
    'misuse',
    'Another container has the name.',
    /\bThe container name "[^"\n]{1,100}" is already in use\b/,
  ),
  said('CTR.BUILD', 'misuse', 'An image did not build.', /\bFailed to build image\b/),
  said('CTR.PORT_ALLOCATED', 'misuse', 'A fixed host port is taken.', /\bport is already allocated\b/),
  said(
    'CTR.PORT_UNBOUND',
    'no-answer',
    'The container’s port never opened.',
    /\bwaiting for container ports to be bound\b/,
    /\bPort \d{1,5} not bound after\b/,
    /\bTimed out waiting for container port to open\b/,
  ),
  said(
    'CTR.LOG_WAIT',
    'no-answer',
    'The awaited log line never came.',
    /\bLog message [^\n]{0,300}not received after\b/,
    /\bLog stream ended and message\b/,
    /\bTimed out waiting for log output matching\b/,
  ),
  said(
    'CTR.HEALTH',
    'no-answer',
    'The container did not become healthy.',
    /\bHealth check not healthy after\b/,
    /\bHealth check failed: unhealthy\b/,
  ),
  said(
    'CTR.HTTP_WAIT',
    'no-answer',
    'The container’s address never answered as awaited.',
    /\bURL [^\s\n]{1,300} not accessible after\b/,
    /\bContainer exited during HTTP healthCheck\b/,
  ),
  said(
    'CTR.STARTUP_FAIL',
    'peer-gone',
    'The container ended at its start.',
    /\bContainer failed to start for\b/,
    /\bContainer startup failed\b/,
  ),
  said(
    'CTR.REAPER',
    'peer-gone',
    'The clean-up container could not be reached.',
    /\bFailed to connect to Reaper\b/,
  ),
  said(
    'CTR.NET_GONE',
    'misuse',
    'A network or container was removed before its last use.',
    /\bnetwork [\w-]{1,64} not found\b/,
    /\bNo such container\b/i,
  ),
  said(
    'CTR.COMPOSE',
    'unknown',
    'A compose environment did not come up: the first failing service says why.',
    /\bFailed to up Compose environment\b/i,
    /\bdependency failed to start\b/,
  ),
]
