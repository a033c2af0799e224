import type { Command } from 'commander'
import { helpTextOf } from '../../framework/cli/help.ts'
import { createProgram } from '../../framework/cli/program.ts'

/** Every command as the program declares it; none is run. */
export function commands(): readonly Command[] {
  return createProgram(() => () => Promise.resolve()).commands
}

/** `docs/reference/cli.md`: the help of every command. */
export function cliReference(): string {
  return `# Command line

Generated from \`framework/cli/program.ts\`; don't edit. \`faultline help COMMAND\` prints the same, \`faultline help FL1004\` explains an
error's code. The configuration is the nearest \`faultline.config.ts\` (\`.mts\`, \`.js\`, \`.mjs\`), or the one of \`--config FILE\`.

| variable | does |
|---|---|
| \`FAULTLINE_ENV\` | names the environment where \`--env\` doesn't |
| \`NO_COLOR\`, \`CI\` | no colours |
| \`GITHUB_STEP_SUMMARY\` | the gate adds its summary to this file |

${commands().map(section).join('\n')}`
}

function section(command: Command): string {
  return `## faultline ${command.name()}\n\n\`\`\`text\n${helpTextOf(command)}\n\`\`\`\n`
}
