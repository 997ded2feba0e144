/** Puts this program, its unit, user and configuration in place, and starts it. */
import { chownSync, existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildConfig } from '../config/config.ts';
import { parseConfig } from '../config/loader.ts';
import { parseWebConfig } from '../config/web/parse.ts';
import { ensureAccount } from './account.ts';
import { type Configuration, type Given, readGiven } from './configuration.ts';
import { InstallError } from './error.ts';
import { type Change, copy, put, readIfThere } from './files.ts';
import { packaged } from './package.ts';
import { type Places, places, UNIT } from './places.ts';
import { listening, untilReady } from './ready.ts';
import * as systemd from './systemd.ts';
import { MARK, TEXTS } from './texts.ts';

export interface InstallOptions extends Given {
  /** The program to install. */
  readonly program: string;
  /** Tree to install into; `/` is this machine. */
  readonly root: string;
  /** Whether the service gets the capabilities of attribution.conf. */
  readonly attribution: boolean;
  /** Told what was done, line by line. */
  readonly say: (line: string) => void;
}

/** Milliseconds that the service has until it is ready. */
const PATIENCE = 60_000;
const TEXT = { mode: 0o644 } as const;

/** Throws InstallError or ConfigError, where it can before anything is changed. */
export async function install(options: InstallOptions): Promise<void> {
  const at = places(options.root);
  refuse(at);
  const given = await readGiven(at, options);
  const changed = putAll(at, given, options);
  if (systemd.booted(at)) await run(at, changed, options.say);
  else enableLater(at, options.say);
}

/** What must not be installed over. */
function refuse(at: Places): void {
  if (!existsSync(dirname(at.passwd))) {
    throw new InstallError(`${at.root} has no /etc: it is not the tree of a system`);
  }
  if (packaged(at) === 'installed') {
    throw new InstallError(
      'the package edgegauge is installed here: upgrade it as it was installed (apt install edgegauge), or remove it first (apt remove edgegauge)',
    );
  }
  const unit = readIfThere(at.unit);
  if (unit !== undefined && !unit.startsWith(MARK)) {
    throw new InstallError(`${at.unit} is not of edgegauge install: move it away first`);
  }
}

/** Answers whether a running service has to be started anew. */
function putAll(at: Places, given: Configuration, options: InstallOptions): boolean {
  let changed = false;
  const did = (what: string, change: Change | 'kept'): void => {
    options.say(`${what}: ${change}`);
    changed ||= change === 'new' || change === 'changed';
  };
  did(at.binary, copy(options.program, at.binary, { mode: 0o755 }));
  const account = ensureAccount(at);
  did('user edgegauge', account.made ? 'new' : 'same');
  // The configuration may hold passwords and keys.
  const secret = { mode: 0o640, gid: account.gid } as const;
  makeDirectory(at, account.gid);
  for (const { from, to } of given.files) did(to, copy(from, to, secret));
  /** What somebody may have edited is replaced only by what was given. */
  const putOrKeep = (path: string, text: string | undefined, initial: string): void => {
    if (text !== undefined || !existsSync(path)) did(path, put(path, text ?? initial, secret));
    else did(path, 'kept');
  };
  putOrKeep(at.config, given.config, TEXTS.config);
  putOrKeep(at.webConfig, given.webConfig, TEXTS.webConfig);
  if (existsSync(at.defaults)) did(at.defaults, 'kept');
  else did(at.defaults, put(at.defaults, TEXTS.defaults, TEXT));
  did(at.rules, put(at.rules, TEXTS.rules, TEXT));
  did(at.unit, put(at.unit, TEXTS.service, TEXT));
  if (options.attribution || existsSync(at.attribution)) {
    did(at.attribution, put(at.attribution, TEXTS.attribution, TEXT));
  }
  return changed;
}

/** Others need not see what certificates there are. */
function makeDirectory(at: Places, gid: number): void {
  if (existsSync(at.directory)) return;
  mkdirSync(at.directory, { recursive: true, mode: 0o755 });
  chownSync(at.directory, 0, gid);
}

async function run(at: Places, changed: boolean, say: InstallOptions['say']): Promise<void> {
  if (changed) systemd.reloadManager();
  if (!systemd.isEnabled()) systemd.enable();
  if (changed || !systemd.isActive()) {
    systemd.start();
    say(`${UNIT}: enabled, started`);
  } else {
    say(`${UNIT}: enabled, runs as before`);
  }
  const web = parseWebConfig(readIfThere(at.webConfig) ?? '', at.webConfig);
  const [address] = listening(systemd.statusText());
  const config = buildConfig(parseConfig(readIfThere(at.config) ?? '', at.config));
  const listens = address ?? config.web.listenAddresses[0] ?? '';
  try {
    const { url, but } = await untilReady(listens, web, config.web.telemetryPath, PATIENCE);
    say(but === undefined ? `ready: ${url}` : `runs: ${url} (${but})`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InstallError([`${UNIT} is not ready: ${why}`, ...systemd.log()].join('\n'));
  }
}

/** What `systemctl enable` would do, for a tree in which systemd does not run now. */
function enableLater(at: Places, say: InstallOptions['say']): void {
  if (lstatSync(at.wanted, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(dirname(at.wanted), { recursive: true });
    symlinkSync(`/etc/systemd/system/${UNIT}`, at.wanted);
  }
  const where = at.root === '/' ? 'systemd does not run here' : `${at.root} is not this machine`;
  say(`${UNIT}: enabled for the next boot by systemd; NOT started, because ${where}`);
  const command = /^ExecStart=(.*?)(?: \$ARGS)?$/m.exec(TEXTS.service)?.[1];
  if (at.root === '/') say(`start it without systemd: ${command}`);
}
