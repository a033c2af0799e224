export { type FaultSpan, faultSpansOf } from './fault-spans.ts'
export { readLog, type ServiceLog } from './log-excerpt.ts'
export type { HtmlParts } from './parts.ts'
export { renderHtml } from './render.ts'
