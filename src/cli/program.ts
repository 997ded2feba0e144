/** The command line: which command, with which settings. Commands load what they need when they run. */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/error.ts';
import type { Value } from '../config/setting.ts';
import { InstallError } from '../install/error.ts';
import { ListenError } from '../web/address.ts';
import { commandLine } from './command-line.ts';
import { addDeployment, DEPLOYMENT } from './deployment.ts';
import { addFlags, watchSwitches } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { explainFlags, inOwnName, unknownCommand } from './usage.ts';

/** Runs one command line; the process ends when its command is done. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    const line = commandLine(args, COMMANDS);
    const root = program(line.command ?? asked(args));
    const unknown = unknownCommand(root, line.args);
    if (unknown !== undefined) {
      process.stderr.write(`edgegauge: ${unknown}\n`);
      process.exitCode = 1;
      return;
    }
    await root.parseAsync([...line.args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 1;
    } else if ([ConfigError, ListenError, InstallError].some((kind) => error instanceof kind)) {
      process.stderr.write(`edgegauge: ${(error as Error).message}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

const CONFIGURED = ['serve', 'snapshot', 'doctor'];
const COMMANDS = [...CONFIGURED, 'check-config', 'check-web-config', ...DEPLOYMENT, 'version'];

/** The command that `help` is asked about; otherwise the default. */
const asked = ([first, second]: readonly string[]): string =>
  first === 'help' && second !== undefined ? second : 'serve';

/** All commands; `command` is the one whose flags are made. Completions and man pages are made of it. */
export function program(command: string): Command {
  const root = new Command('edgegauge')
    .description('Tells Prometheus everything worth knowing about a GPU machine.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOwnName(text)) })
    .enablePositionalOptions()
    .addHelpText('after', '\nFlags of the default command: edgegauge serve --help');

  configured(root, command, 'serve', 'serve this machine (the default)', {
    isDefault: true,
  }).action(wrap(async (invocation) => (await import('./serve.ts')).serve(invocation)));
  configured(root, command, 'snapshot', 'print the metrics once and exit')
    .option('--format <format>', 'text or openmetrics', 'text')
    .action(wrap(async (invocation) => (await import('./snapshot.ts')).snapshot(invocation)));
  configured(root, command, 'doctor', 'say what was found, what is missing, why, and what to do')
    .option('--json', 'as JSON')
    .action(wrap(async (invocation) => (await import('./doctor.ts')).doctor(invocation)));
  root
    .command('check-config <file>')
    .description('check a configuration file and exit')
    .exitOverride()
    .action(async (file: string) => (await import('./check-config.ts')).checkConfig(file));
  root
    .command('check-web-config <file>')
    .description('check a web configuration file with its certificates and exit')
    .exitOverride()
    .action(async (file: string) => (await import('./check-web-config.ts')).checkWebConfig(file));
  addDeployment(root, command);
  root
    .command('version')
    .description('print the version and exit')
    .action(async () => (await import('./version.ts')).version());
  root.option('--version', 'print the version and exit');
  root.on('option:version', async () => {
    (await import('./version.ts')).version();
    process.exit(0);
  });
  return root;
}

/** A command that takes the settings' flags and a file. */
function configured(
  root: Command,
  invoked: string,
  name: string,
  description: string,
  options: { isDefault?: boolean } = {},
): Command {
  const flags = new Map<string, Value>();
  const command = root
    .command(name, options)
    .description(description)
    .exitOverride()
    .option('--config.file <file>', 'configuration file (YAML)');
  explainFlags(command);
  if (command.name() === invoked) {
    addFlags(command, flags);
    watchSwitches(command, flags);
  }
  flagsOf.set(command, flags);
  return command;
}

const flagsOf = new WeakMap<Command, Map<string, Value>>();

const wrap =
  (action: (invocation: Invocation) => Promise<void>) =>
  (options: Record<string, unknown>, command: Command): Promise<void> =>
    action({
      flags: flagsOf.get(command) ?? new Map(),
      configFile: options['config.file'] as string | undefined,
      options,
    });
