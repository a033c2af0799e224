export { currentAttempt, quietly } from './attempts.ts'
export { type Capture, type CaptureOptions, startCapture } from './capture.ts'
export {
  createObservedHttp,
  type HttpAnswer,
  type HttpRequestOptions,
  type ObservedHttp,
  type ObservedHttpOptions,
} from './observed-http.ts'
export { observePg, type PgLike } from './observed-pg.ts'
export { observeWebSocket, type WebSocketLike } from './observed-websocket.ts'
