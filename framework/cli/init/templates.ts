import type { Project } from './project.ts'

/** What the project can't tell by itself. */
export interface Answers {
  /** Run the application here, or gate a staging; its URL, when it is known. */
  readonly environment: { readonly kind: 'embedded' } | { readonly kind: 'remote'; readonly url?: string }
  readonly ci: Project['ci']
}

/** The configuration: the smallest that is right for this project. */
export function configText(project: Project, { environment }: Answers, extension: string): string {
  const body = environment.kind === 'embedded' ? embedded(project) : remote(project, environment.url)
  return `${body.imports}

export default defineConfig({
  environments: {
${body.environment}
  },
  tests: ['e2e/**/*.e2e${extension}'],
})
`
}

interface Body {
  readonly imports: string
  readonly environment: string
}

function embedded({ server, health, postgres }: Project): Body {
  const database = postgres ? `\n        database: postgres({ version: 18 }),` : ''
  const uses = postgres ? `uses: { database: 'DATABASE_URL' }, ` : ''
  return {
    imports: `import { defineConfig, defineEnvironment, node${postgres ? ', postgres' : ''} } from 'faultline'`,
    environment: `    local: defineEnvironment({
      entry: 'app',
      services: {
        app: node(${quoted(server ?? 'server.js')}, { ${uses}health: ${quoted(health)} }),${database}
      },
    }),`,
  }
}

function remote({ health, postgres }: Project, url: string | undefined): Body {
  const uses = postgres ? `\n          uses: { database: 'required' },` : ''
  const database = postgres ? `\n        database: { owner: 'platform', protocol: 'postgres' },` : ''
  return {
    imports: `import { defineConfig, remote } from 'faultline'`,
    environment: `    staging: remote({
      entry: 'app',
      services: {
        app: {
          owner: 'sut',
          protocol: 'http',
          url: ${url === undefined ? `process.env.STAGING_URL ?? ''` : quoted(url)},
          health: ${quoted(health)},${uses}
        },${database}
      },
    }),`,
  }
}

/** The example test: the application answers. */
export function testText({ health, postgres }: Project): string {
  const needs = postgres ? `needing({ database: 'required' }), ` : ''
  return `import { expect } from 'vitest'
import { ${postgres ? 'needing, ' : ''}test } from 'faultline/vitest'

test('the application answers', ${needs}async ({ http }) => {
  const reply = await http.get(${quoted(health)})
  expect(reply.status).toBe(200)
})
`
}

/** Text as a literal of JavaScript, in the quotes of the templates. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
