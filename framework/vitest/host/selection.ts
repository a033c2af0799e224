import type { TestModule, TestSpecification } from 'vitest/node'
import { testIdOf } from './definitions.ts'

/** The ids to rerun for these: with each test of an ordered block, the whole block. */
export function unitOf(modules: readonly TestModule[], wanted: ReadonlySet<string>): Set<string> {
  const unit = new Set(wanted)
  for (const module of modules)
    for (const test of module.children.allTests())
      if (wanted.has(testIdOf(test)) && test.meta().faultline?.ordered === true)
        for (const sibling of test.parent.children.allTests()) unit.add(testIdOf(sibling))
  return unit
}

/** What Vitest runs of a module for these ids: all of it where the module itself is one of them. */
export function specificationsOf(module: TestModule, unit: ReadonlySet<string>): TestSpecification[] {
  if (unit.has(module.relativeModuleId)) return [module.toTestSpecification()]
  const tests = [...module.children.allTests()].filter((test) => unit.has(testIdOf(test)))
  return tests.length === 0 ? [] : [module.toTestSpecification(tests)]
}
