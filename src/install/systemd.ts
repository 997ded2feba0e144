/** The service manager, where it runs. */
import { existsSync, readlinkSync } from 'node:fs';
import { InstallError } from './error.ts';
import { type Places, UNIT } from './places.ts';
import { type Ran, run } from './run.ts';

/** Whether systemd runs this machine: sd_booted(3). Another tree than this one has none that runs. */
export function booted(at: Places): boolean {
  return at.root === '/' && existsSync('/run/systemd/system');
}

const systemctl = (...args: readonly string[]): Ran => run(['systemctl', ...args]);

/** Reads units and rules of devices again. */
export function reloadManager(): void {
  systemctl('daemon-reload');
  // A machine without udev has no rules.
  run(['udevadm', 'control', '--reload']);
}

/** `active`, `inactive`, `failed`, `activating` while it is tried again, … */
export const activeState = (): string => systemctl('is-active', UNIT).out;

export const isActive = (): boolean => activeState() === 'active';

/** Whether the service runs a program that has been replaced since. */
export function isOutdated({ binary }: Places): boolean {
  const pid = systemctl('show', '--value', '--property=MainPID', UNIT).out;
  try {
    return readlinkSync(`/proc/${pid}/exe`) === `${binary} (deleted)`;
  } catch {
    // It does not run.
    return false;
  }
}

export const isEnabled = (): boolean => systemctl('is-enabled', '--quiet', UNIT).code === 0;

/** Throws InstallError, with what the log says, where it does not come up. */
export function start(): void {
  const { code, err } = systemctl('restart', UNIT);
  if (code === 0) return;
  const why = lastWords() ?? err.split('\n')[0];
  throw new InstallError([`${UNIT} does not start: ${why}`, ...log()].join('\n'));
}

/** What the service itself said last since it was started; systemd knows only that it ended. */
function lastWords(): string | undefined {
  // It may not have been written yet.
  run(['journalctl', '--sync']);
  const id = systemctl('show', '--value', '--property=InvocationID', UNIT).out;
  const { out } = run([
    ...['journalctl', '--no-pager', '--quiet', '--output=cat', '--lines=1'],
    ...[`_SYSTEMD_UNIT=${UNIT}`, `_SYSTEMD_INVOCATION_ID=${id}`],
  ]);
  return out === '' ? undefined : out.replace(/^edgegauge: /, '');
}

export function enable(): void {
  const { code, err } = systemctl('enable', UNIT);
  if (code !== 0) throw new InstallError(`${UNIT} cannot be enabled: ${err}`);
}

/** As it was before a failed attempt to start it. */
export function stop(): void {
  systemctl('stop', UNIT);
}

export function disable(): void {
  systemctl('disable', UNIT);
}

/** It may be that there is no such unit. */
export function stopAndDisable(): void {
  systemctl('disable', '--now', UNIT);
  systemctl('reset-failed', UNIT);
}

/** What the service last said of itself: `… listening on :9835`. */
export const statusText = (): string =>
  systemctl('show', '--value', '--property=StatusText', UNIT).out;

/** Its last lines. */
export function log(): string[] {
  const { out } = run([
    ...['journalctl', `--unit=${UNIT}`, '--no-pager', '--quiet'],
    ...['--lines=5', '--output=cat', '--boot'],
  ]);
  return out.split('\n').filter((line) => line !== '');
}
