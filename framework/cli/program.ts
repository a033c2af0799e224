import { Command, CommanderError, Option } from 'commander'
import { type ExitCode, errorCatalogue, exitCode } from '#core'
import type { CommandContext } from './context.ts'
import { interruptible } from './interrupt.ts'

/**
 * Runs one command line and gives the process's exit code. Commands are imported only when they are called, so that
 * `--help` costs no more than its text.
 */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  using interrupt = interruptible()
  const context: CommandContext = {
    cwd: process.cwd(),
    signal: interrupt.signal,
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  }
  let result: ExitCode = exitCode.pass
  const program = createProgram((run) => async (...given) => {
    result = await run(context, ...given)
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return result
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.pass : exitCode.usage
    const { reportError } = await import('./report-error.ts')
    return reportError(error, context)
  }
}

type Run<Given extends unknown[]> = (context: CommandContext, ...given: Given) => Promise<ExitCode>
type Bind = <Given extends unknown[]>(run: Run<Given>) => (...given: Given) => Promise<void>

/** All commands, with their options and words; `bind` makes an action of what a command runs. */
export function createProgram(bind: Bind): Command {
  const program = new Command('faultline')
    .description(
      'Infrastructure-aware end-to-end tests: who is at fault, the application, the infrastructure or the test.',
    )
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) =>
        write(`FL1004 ${errorCatalogue.FL1004.title}\n${text}→ faultline --help\n`),
    })
    .helpCommand(false)
    .option('--config <file>', 'the configuration (default: the nearest faultline.config.ts)')
  const withConfig = <T extends object>(options: T) => ({
    ...options,
    ...program.opts<{ config?: string }>(),
  })

  program
    .command('init')
    .description('set a project up: configuration, an example test, a CI workflow; nothing is overwritten')
    .option('--yes', 'ask nothing: take what the project suggests')
    .option('--dry-run', 'show what would be written, and write nothing')
    .addHelpText('after', '\nExample:\n  faultline init --dry-run')
    .action(bind(async (context, options) => (await import('./commands/init.ts')).init(context, options)))
  program
    .command('gate')
    .description('probe the environment, run the tests, say who is at fault, and decide')
    .argument('[globs...]', 'test files (default: the configuration’s)')
    .option('--env <name>', 'the environment')
    .option('--release <id>', 'the release that must be deployed')
    .option(
      '--base <ref>',
      'a git ref: whether the change since then touches tests or the application is evidence',
    )
    .addOption(faultOption())
    .option('--json <file>', 'write the run as JSON')
    .option('--junit <file>', 'write the run as JUnit XML')
    .option('--html <file>', 'write the run as a page that needs nothing else')
    .addOption(new Option('--quiet', 'print only the decision and the incidents').conflicts('verbose'))
    .option('--verbose', 'print every attempt and every change of health, and when')
    .addHelpText(
      'after',
      '\nExample:\n  faultline gate --env staging --release "$GIT_SHA" --json run.json\n\nExit: 0 pass, 1 block, 3 undecided, 75 hold (try again later), 64 usage, 78 configuration, 70 own failure.',
    )
    .action(
      bind(async (context, globs: string[], options) =>
        (await import('./commands/gate.ts')).gate(context, { ...withConfig(options), globs }),
      ),
    )
  program
    .command('chaos')
    .description('run experiments: disturb the environment under load, and check what was promised')
    .argument('[globs...]', 'experiment files (default: suites/chaos/*.chaos.ts)')
    .option('--env <name>', 'the environment')
    .option(
      '--profile <fault>',
      'a fault in place of the experiments’ own: PROFILE@LINK; again for another beside it',
      (fault: string, before: readonly string[] = []) => [...before, fault],
    )
    .option('--seed <number>', 'replay the load of an earlier run')
    .option('--json <file>', 'write the outcomes as JSON')
    .option('--html <file>', 'write the run as a page that needs nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  faultline chaos suites/chaos/database-silent.chaos.ts --seed 7 --json chaos.json\n\nExit: 0 held, 1 broken, 3 inconclusive, 130 aborted, 64 usage, 78 configuration, 70 own failure.',
    )
    .action(
      bind(async (context, globs: string[], options) =>
        (await import('./commands/chaos.ts')).chaos(context, { ...withConfig(options), globs }),
      ),
    )
  program
    .command('up')
    .description('keep an environment running, and print what a remote configuration needs')
    .option('--env <name>', 'the environment')
    .option('--json <file>', 'write the connection details to a file that only you can read')
    .addOption(faultOption())
    .addHelpText('after', '\nExample:\n  FIXTURE_DEFECTS=wrong-answer faultline up --json staging.json')
    .action(
      bind(async (context, options) => (await import('./commands/up.ts')).up(context, withConfig(options))),
    )
  program
    .command('probe')
    .description('look once at everything that the environment declares')
    .option('--env <name>', 'the environment')
    .option('--json', 'one observation a line')
    .option('--watch', 'again every second, until Ctrl-C')
    .addHelpText('after', '\nExample:\n  faultline probe --env staging --watch')
    .action(
      bind(async (context, options) =>
        (await import('./commands/probe.ts')).probe(context, withConfig(options)),
      ),
    )
  program
    .command('agent')
    .description('serve probes to a runner, from beside the application')
    .argument('<file>', 'the agent’s configuration: JSON with host, port, token and targets')
    .addHelpText('after', '\nExample:\n  faultline agent agent.json')
    .action(bind(async (context, file: string) => (await import('./commands/agent.ts')).agent(context, file)))
  program
    .command('judge')
    .description('give the verdicts and the decision again, from the stored evidence')
    .argument('[run]', 'run id, folder or journal (default: the latest)')
    .addOption(
      new Option('--tier <tier>', 'judge as if the evidence had fewer keys').choices([
        'T0',
        'T1',
        'T2',
        'T3',
      ]),
    )
    .option('--json <file>', 'write the run as JSON')
    .addHelpText('after', '\nExample:\n  faultline judge --tier T2')
    .action(
      bind(async (context, run: string | undefined, options) =>
        (await import('./commands/judge.ts')).judge(context, {
          ...withConfig(options),
          ...(run ? { run } : {}),
        }),
      ),
    )
  program
    .command('report')
    .description('write reports of a stored run, from its journal')
    .argument('[run]', 'run id, folder or journal (default: the latest)')
    .option('--format <formats>', 'html, junit, ctrf, json, github: one or more, separated by commas', 'html')
    .option('--out <dir>', 'the folder to write to (default: the run’s own)')
    .addHelpText('after', '\nExample:\n  faultline report --format html,ctrf --out reports')
    .action(
      bind(async (context, run: string | undefined, options) =>
        (await import('./commands/report.ts')).report(context, {
          ...withConfig(options),
          ...(run ? { run } : {}),
        }),
      ),
    )
  program
    .command('explain')
    .description('show guards, witnesses and weights behind the verdict on a test')
    .argument('<run-or-test>', 'run id, folder or journal; with one argument, the test of the latest run')
    .argument('[test]', 'test id, or a part of it')
    .addHelpText('after', '\nExample:\n  faultline explain "answers a message"')
    .action(
      bind(async (context, first: string, second: string | undefined, options) =>
        (await import('./commands/explain.ts')).explain(context, {
          ...withConfig(options),
          ...(second ? { run: first, test: second } : { test: first }),
        }),
      ),
    )
  program
    .command('known-issues')
    .description('list the known issues, and say which act and which failed in the last run')
    .option('--env <name>', 'the environment')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  faultline known-issues\n\nExit: 0, or 78 when the file is not valid.',
    )
    .action(
      bind(async (context, options) =>
        (await import('./commands/known-issues.ts')).knownIssues(context, withConfig(options)),
      ),
    )
  program
    .command('correct')
    .description('say who was really at fault: the run becomes a labelled case of the history')
    .argument('<run>', 'run id, folder or journal')
    .argument('<test>', 'test id, or a part that only one has')
    .addOption(
      new Option('--class <class>', 'who was at fault')
        .choices(['application', 'infrastructure', 'test'])
        .makeOptionMandatory(),
    )
    .requiredOption('--why <text>', 'how you know')
    .addHelpText(
      'after',
      '\nExample:\n  faultline correct 20261123T185301123Z-9f3a "answers a message" --class test --why "the fixture was stale"',
    )
    .action(
      bind(async (context, run: string, test: string, options) =>
        (await import('./commands/correct.ts')).correct(context, { ...withConfig(options), run, test }),
      ),
    )
  const history = program
    .command('history')
    .description('show what is remembered of tests, failures and corrections')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  faultline history --json')
    .action(
      bind(async (context, options) =>
        (await import('./commands/history.ts')).history(context, withConfig(options)),
      ),
    )
  history
    .command('export')
    .description('write every correction as a labelled case: a folder with the journal and its label')
    .requiredOption('--cases <dir>', 'the folder to write to')
    .action(
      bind(async (context, options) =>
        (await import('./commands/history.ts')).exportCases(context, withConfig(options)),
      ),
    )
  program
    .command('signals')
    .description('read a failure’s text, and name the signals in it')
    .argument('[file]', 'a file, or - for standard input', '-')
    .option('--json', 'one line of JSON per input')
    .addHelpText('after', '\nExample:\n  faultline signals ci.log')
    .action(
      bind(async (context, file: string, options) =>
        (await import('./commands/signals.ts')).signals(context, { ...options, file }),
      ),
    )
  program
    .command('doctor')
    .description('say what this machine can do: embedded environments, containers, a browser')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  faultline doctor')
    .action(
      bind(async (context, options) =>
        (await import('./commands/doctor.ts')).doctor(context, withConfig(options)),
      ),
    )
  program
    .command('profiles')
    .description('list the trouble that can be put on a link, or show all about one')
    .argument('[name]', 'a profile')
    .addHelpText('after', '\nExample:\n  faultline profiles cloud-sql-failover')
    .action(
      bind(async (context, name: string | undefined) =>
        (await import('./commands/profiles.ts')).profiles(context, name),
      ),
    )
  program
    .command('proxy')
    .description('start the fault proxy as toxiproxy-server starts')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[flags...]', 'toxiproxy-server’s flags: -host, -port, -config …')
    .addHelpText('after', '\nExample:\n  faultline proxy -port 8474 -config toxiproxy.json')
    .action(
      bind(async (context, flags: string[]) => (await import('./commands/proxy.ts')).proxy(context, flags)),
    )
  program
    .command('help')
    .description('explain a command, or the code of an error')
    .argument('[topic]', 'a command, or a code such as FL1002')
    .addHelpText('after', '\nExample:\n  faultline help FL1002')
    .action(
      bind(async (context, topic: string | undefined) => {
        const { helpOn } = await import('./help.ts')
        context.out(await helpOn(program, topic))
        return exitCode.pass
      }),
    )
  return program
}

function faultOption(): Option {
  return new Option(
    '--inject <fault>',
    'put a fault on: FAULT@LINK|SERVICE|runner[:FROM-TO], more than once if you like',
  ).argParser((value: string, before: string[] = []) => [...before, value])
}
