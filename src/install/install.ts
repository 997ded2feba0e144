/** Puts this program, its unit, user and configuration in place, and starts it. */
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureAccount } from './account.ts';
import { Before } from './before.ts';
import { type Configuration, checkKept, type Given, readGiven } from './configuration.ts';
import { InstallError } from './error.ts';
import { type Change, copy, put, readIfThere } from './files.ts';
import { packaged } from './package.ts';
import { type Places, places } from './places.ts';
import { enableLater, goBack, serviceOf, startNow } from './start.ts';
import { booted } from './systemd.ts';
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

const TEXT = { mode: 0o644 } as const;

/** Throws InstallError or ConfigError, where it can before anything is changed. */
export async function install(options: InstallOptions): Promise<void> {
  const at = places(options.root);
  refuse(at);
  const given = await readGiven(at, options);
  await checkKept(at, options);
  using before = new Before();
  const was = booted(at) ? serviceOf(at) : undefined;
  const changed = putAllOrNothing(at, given, options, before);
  if (!booted(at)) return enableLater(at, options.say);
  try {
    await startNow(at, changed, options.say);
  } catch (error) {
    // A first installation is left to be looked at: systemd goes on trying.
    if (was === undefined || !changed) throw error;
    throw goBack(error, before, was);
  }
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

/** A disk that is full, or a tree that cannot be written, leaves what was there. Throws InstallError. */
function putAllOrNothing(
  at: Places,
  given: Configuration,
  options: InstallOptions,
  before: Before,
): boolean {
  try {
    return putAll(at, given, options, before);
  } catch (error) {
    before.restore();
    const why = error instanceof Error ? error.message : String(error);
    throw new InstallError(`${why}; what had been changed is undone`);
  }
}

/** Answers whether a running service has to be started anew. */
function putAll(
  at: Places,
  given: Configuration,
  options: InstallOptions,
  before: Before,
): boolean {
  let changed = false;
  const did = (what: string, change: Change | 'kept'): void => {
    options.say(`${what}: ${change}`);
    changed ||= change === 'new' || change === 'changed';
  };
  const file = (path: string, write: () => Change): void => {
    before.keep(path);
    did(path, write());
  };
  file(at.binary, () => copy(options.program, at.binary, { mode: 0o755 }));
  const account = ensureAccount(at);
  did('user edgegauge', account.made ? 'new' : 'same');
  // The configuration may hold passwords and keys.
  const secret = { mode: 0o640, gid: account.gid } as const;
  makeDirectory(at, account.gid);
  for (const { from, to } of given.files) file(to, () => copy(from, to, secret));
  /** What somebody may have edited is replaced only by what was given. */
  const putOrKeep = (path: string, text: string | undefined, initial: string): void => {
    if (text !== undefined || !existsSync(path)) {
      file(path, () => put(path, text ?? initial, secret));
    } else did(path, 'kept');
  };
  putOrKeep(at.config, given.config, TEXTS.config);
  putOrKeep(at.webConfig, given.webConfig, TEXTS.webConfig);
  if (existsSync(at.defaults)) did(at.defaults, 'kept');
  else file(at.defaults, () => put(at.defaults, TEXTS.defaults, TEXT));
  file(at.rules, () => put(at.rules, TEXTS.rules, TEXT));
  file(at.unit, () => put(at.unit, TEXTS.service, TEXT));
  if (options.attribution || existsSync(at.attribution)) {
    file(at.attribution, () => put(at.attribution, TEXTS.attribution, TEXT));
  }
  return changed;
}

/** Others need not see what certificates there are. */
function makeDirectory(at: Places, gid: number): void {
  if (existsSync(at.directory)) return;
  mkdirSync(at.directory, { recursive: true, mode: 0o755 });
  chownSync(at.directory, 0, gid);
}
