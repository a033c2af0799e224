import type { TestCase, TestModule, TestSuite } from 'vitest/node'
import type { TestDefinition } from '#run'
import { definitionOf } from '../meta.ts'

/** The id of a test: the file relative to the root and the full title, joined by ` > `. */
export function testIdOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`
}

/** The tests of these modules; a module that couldn't be loaded is one test, named as its file. */
export function definitionsOf(modules: readonly TestModule[]): TestDefinition[] {
  return modules.flatMap((module) => {
    const tests = [...module.children.allTests()]
    return tests.length === 0 && module.errors().length > 0 ? [unloadable(module)] : tests.map(definition)
  })
}

function definition(test: TestCase): TestDefinition {
  return definitionOf({
    fullName: testIdOf(test),
    name: test.name,
    file: test.module.relativeModuleId,
    skipped: test.options.mode === 'skip' || test.options.mode === 'todo',
    meta: test.meta().faultline,
  })
}

function unloadable(module: TestModule): TestDefinition {
  const file = module.relativeModuleId
  return { id: file, name: file, file, needs: {}, required: true, skipped: false }
}

/** The blocks around a test, the innermost first, its module last. */
export function blocksAround(test: TestCase): (TestSuite | TestModule)[] {
  const blocks: (TestSuite | TestModule)[] = []
  for (let block = test.parent; ; block = block.parent) {
    blocks.push(block)
    if (block.type === 'module') return blocks
  }
}
