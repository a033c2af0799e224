import type { RunEvidence } from '#evidence'
import type { RunReport } from '../run-report.ts'
import type { FaultSpan } from './fault-spans.ts'
import type { ServiceLog } from './log-excerpt.ts'

/** What the page is made of. */
export interface HtmlParts {
  readonly report: RunReport
  readonly evidence: RunEvidence
  /** When each fault was on, from `faultSpansOf`. */
  readonly faults: readonly FaultSpan[]
  /** What services wrote, where the run kept it. */
  readonly logs?: readonly ServiceLog[]
  /** JPEGs, by the name that an attempt gives them. */
  readonly screenshots?: ReadonlyMap<string, Buffer>
}
