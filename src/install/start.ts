/** The service, once its files are in place; and what ran before, where it does not come up. */
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildConfig } from '../config/config.ts';
import { parseConfig } from '../config/loader.ts';
import { parseWebConfig } from '../config/web/parse.ts';
import type { Before } from './before.ts';
import { InstallError } from './error.ts';
import { readIfThere } from './files.ts';
import { type Places, UNIT } from './places.ts';
import { listening, untilReady } from './ready.ts';
import * as systemd from './systemd.ts';
import { TEXTS } from './texts.ts';

type Say = (line: string) => void;

/** Milliseconds that the service has until it is ready. */
const PATIENCE = 60_000;

/** Enables the service, starts it where something has changed, and waits until it is ready. Throws InstallError. */
export async function startNow(at: Places, changed: boolean, say: Say): Promise<void> {
  if (changed) systemd.reloadManager();
  if (!systemd.isEnabled()) systemd.enable();
  // A run before this one may have ended between its two halves.
  if (changed || !systemd.isActive() || systemd.isOutdated(at)) {
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

/** How an earlier installation stands. */
export interface Service {
  readonly state: string;
  readonly enabled: boolean;
}

/** Undefined where nothing was installed. */
export function serviceOf(at: Places): Service | undefined {
  if (!existsSync(at.unit)) return undefined;
  return { state: systemd.activeState(), enabled: systemd.isEnabled() };
}

/** Puts an earlier installation back after one that failed. Answers what to say: both what failed and what is now. */
export function goBack(failure: unknown, before: Before, was: Service): InstallError {
  before.restore();
  systemd.reloadManager();
  if (!was.enabled) systemd.disable();
  const [first = '', ...more] = (failure as Error).message.split('\n');
  return new InstallError([`${first}; ${restarted(was)}`, ...more].join('\n'));
}

const BACK = 'program, unit and configuration of before are back';

function restarted({ state }: Service): string {
  systemd.stop();
  if (state === 'inactive') return `${BACK}, and stopped as they were`;
  try {
    systemd.start();
    return `${BACK}, and run`;
  } catch {
    return `${BACK}, but do not start either`;
  }
}

/** What `systemctl enable` would do, for a tree in which systemd does not run now. */
export function enableLater(at: Places, say: Say): void {
  if (lstatSync(at.wanted, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(dirname(at.wanted), { recursive: true });
    symlinkSync(`/etc/systemd/system/${UNIT}`, at.wanted);
  }
  const where = at.root === '/' ? 'systemd does not run here' : `${at.root} is not this machine`;
  say(`${UNIT}: enabled for the next boot by systemd; NOT started, because ${where}`);
  const command = /^ExecStart=(.*?)(?: \$ARGS)?$/m.exec(TEXTS.service)?.[1];
  if (at.root === '/') say(`start it without systemd: ${command}`);
}
