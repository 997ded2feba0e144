/** The service manager, where it runs. */
import { existsSync } from 'node:fs';
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

export const isActive = (): boolean => systemctl('is-active', '--quiet', UNIT).code === 0;

export const isEnabled = (): boolean => systemctl('is-enabled', '--quiet', UNIT).code === 0;

/** Throws InstallError, with what the log says, where it does not come up. */
export function start(): void {
  const { code, err } = systemctl('restart', UNIT);
  if (code !== 0) throw new InstallError([`${UNIT} does not start: ${err}`, ...log()].join('\n'));
}

export function enable(): void {
  const { code, err } = systemctl('enable', UNIT);
  if (code !== 0) throw new InstallError(`${UNIT} cannot be enabled: ${err}`);
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
