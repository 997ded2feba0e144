import type { Settings } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** Paths of the settings that two configurations have different values of and that a reload does not bring into force. */
export function needRestart(was: Settings, now: Settings): string[] {
  return SETTINGS.filter(({ fixed, path, default: standard }) => {
    const [before, after] = [was.get(path) ?? standard, now.get(path) ?? standard];
    return fixed === true && !Bun.deepEquals(before, after);
  }).map(({ path }) => path);
}
