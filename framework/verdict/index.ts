export { attribute } from './attribute.ts'
export type { Incident, IncidentMember } from './incidents.ts'
export { type AttemptJudgement, type Judgement, judge, type TestJudgement } from './judge.ts'
export * from './verdict.ts'
