import type { RunEvidence } from '#evidence'
import type { RunReport } from '../run-report.ts'
import type { FaultSpan } from './fault-spans.ts'

/** What the page is made of. */
export interface HtmlParts {
  readonly report: RunReport
  readonly evidence: RunEvidence
  /** When each fault was on, from `faultSpansOf`. */
  readonly faults: readonly FaultSpan[]
}
