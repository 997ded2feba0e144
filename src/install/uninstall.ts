/** Takes away what `install` put in place, and nothing else. */
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { removeAccount } from './account.ts';
import { forget } from './before.ts';
import { readIfThere } from './files.ts';
import { packaged } from './package.ts';
import { type Places, places, UNIT } from './places.ts';
import * as systemd from './systemd.ts';
import { MARK } from './texts.ts';

export interface UninstallOptions {
  readonly root: string;
  /** Whether configuration and user go too. */
  readonly purge: boolean;
  readonly say: (line: string) => void;
}

/** Does nothing twice. Throws InstallError where the user cannot be removed. */
export function uninstall({ root, purge, say }: UninstallOptions): void {
  const at = places(root);
  const unit = readIfThere(at.unit);
  const ours = unit?.startsWith(MARK) === true;
  let removed = 0;
  const remove = (path: string): void => {
    forget(path);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    rmSync(path, { recursive: true });
    say(`${path}: removed`);
    removed++;
  };
  if (unit !== undefined && !ours) say(`${at.unit}: kept, it is not of edgegauge install`);
  if (ours) {
    if (systemd.booted(at)) systemd.stopAndDisable();
    for (const path of [at.wanted, at.attribution, at.unit, at.rules]) remove(path);
    removeEmpty(at.dropIns);
    if (systemd.booted(at)) systemd.reloadManager();
  }
  remove(at.binary);
  const owner = packaged(at);
  if (owner === undefined) {
    if (purge) removed += purgeAll(at, remove, say);
  } else if (purge) {
    say(
      `${at.directory}, user edgegauge: kept, they are of the package edgegauge (apt purge edgegauge)`,
    );
  }
  if (ours && owner === 'installed' && systemd.booted(at)) handOver(say);
  if (removed === 0) say('nothing was installed here');
  else if (!purge && owner === undefined) {
    say(`${at.directory}, user edgegauge: kept (--purge removes them)`);
  }
}

function purgeAll(
  at: Places,
  remove: (path: string) => void,
  say: UninstallOptions['say'],
): number {
  remove(at.directory);
  remove(at.defaults);
  remove(at.dropIns);
  if (!removeAccount(at)) return 0;
  say('user edgegauge: removed');
  return 1;
}

/** Ours stood before the unit of the package, which now takes over. */
function handOver(say: UninstallOptions['say']): void {
  systemd.enable();
  systemd.start();
  say(`${UNIT}: now that of the package, enabled, started`);
}

function removeEmpty(directory: string): void {
  try {
    if (readdirSync(directory).length === 0) rmdirSync(directory);
  } catch {
    // There is none.
  }
}
