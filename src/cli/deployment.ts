/** The commands that bring edgegauge to machines, and Prometheus to them. Their code is loaded when they run. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** First words of their command lines. */
export const DEPLOYMENT: readonly string[] = ['install', 'uninstall', 'scrape-config', 'fleet'];

/** Adds them; those that `invoked` does not name without their flags, which a serving process would keep. */
export function addDeployment(root: Command, invoked: string): void {
  const command = (
    parent: Command,
    usage: string,
    description: string,
    flags: Option[],
  ): Command => {
    const made = parent.command(usage).description(description).exitOverride();
    made.showSuggestionAfterError();
    for (const flag of flags) made.addOption(flag);
    return made;
  };
  const flagsFor = (name: string, make: () => Option[]): Option[] =>
    invoked === name ? make() : [];

  command(
    root,
    'install',
    'put this program, its unit, user and configuration in place, and start it',
    flagsFor('install', installFlags),
  ).action(async (flags) => (await import('./install.ts')).installCommand(flags));
  command(root, 'uninstall', 'undo install', flagsFor('uninstall', uninstallFlags)).action(
    async (flags) => (await import('./install.ts')).uninstallCommand(flags),
  );
  command(
    root,
    'scrape-config <host...>',
    'print the scrape job of a fleet, for prometheus.yml',
    flagsFor('scrape-config', scrapeFlags),
  ).action(async (hosts, flags) => (await import('./scrape-config.ts')).scrapeConfig(hosts, flags));
  const fleet = root
    .command('fleet')
    .description('install on many machines over ssh')
    .exitOverride();
  command(
    fleet,
    'install <host...>',
    'copy this program to machines by scp and install it there by ssh',
    flagsFor('fleet', fleetFlags),
  ).action(async (hosts, flags) => (await import('./fleet.ts')).fleetCommand(hosts, flags));
}

const collect = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

const flag = (usage: string, help: string): Option => new Option(usage, help);
const repeated = (usage: string, help: string): Option =>
  flag(usage, `${help} May be repeated.`).argParser(collect);

const CONFIGURATION = [
  ['--config <file>', 'configuration to install; otherwise the one that is there stays'],
  [
    '--web.config.file <file>',
    'web configuration to install, with the certificates and keys that it names by relative paths',
  ],
  ['--attribution', 'let it see which processes of other users hold a GPU or a socket'],
] as const;

const ROOT = 'install into this directory tree, an image for example, and start nothing';

const installFlags = (): Option[] => [
  ...CONFIGURATION.map(([usage, help]) => flag(usage, help)),
  flag('--root <directory>', ROOT),
];

const uninstallFlags = (): Option[] => [
  flag('--purge', 'configuration and user too'),
  flag('--root <directory>', 'uninstall from this directory tree'),
];

const scrapeFlags = (): Option[] => [
  flag('--port <port>', 'port of hosts that are named without one').default('9835'),
  flag('--job <name>', 'name of the job').default('edgegauge'),
  flag('--interval <duration>', 'time between two scrapes').default('15s'),
  flag('--path <path>', 'path of the metrics').default('/metrics'),
  repeated('--dialect <name>', 'vocabulary to ask for: native, node, dcgm.'),
  repeated('--label <name=value>', 'label of every target.'),
  flag('--tls', 'scrape by https'),
  flag('--ca-file <file>', 'CA of the certificates, as Prometheus finds it; by https'),
  flag('--cert-file <file>', 'client certificate; by https'),
  flag('--key-file <file>', 'its key'),
  flag('--server-name <name>', 'name that the certificates are for; by https'),
  flag('--insecure-skip-verify', 'do not verify certificates; by https'),
  flag('--username <name>', 'user that scrapes'),
  flag('--password-file <file>', 'password of that user, as Prometheus finds it'),
  flag('--file-sd', 'print targets and labels alone, as JSON for file_sd_configs'),
];

const fleetFlags = (): Option[] => [
  ...CONFIGURATION.map(([usage, help]) => flag(usage, help)),
  flag('--user <name>', 'user to log in as; other users than root need sudo without a password'),
  repeated('--ssh-option <option>', 'option for ssh and scp, such as Port=2222.'),
  flag('--ssh-config <file>', 'configuration file of ssh, in the place of your own'),
  flag('--parallel <number>', 'machines at once').default(8).argParser(atLeastOne),
  flag(
    '--binary-dir <directory>',
    'directory with edgegauge-linux-x64 and edgegauge-linux-arm64 (default: that of this program)',
  ),
];

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is not a number from 1 on.');
  return Number(text);
}
