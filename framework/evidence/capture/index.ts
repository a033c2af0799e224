export { currentAttempt } from './attempts.ts'
export { defaultIdentityHeaders, type IdentityHeaders } from './answer.ts'
export { type Capture, type CaptureOptions, startCapture } from './capture.ts'
