/** `edgegauge install` and `edgegauge uninstall`. */
import { resolve } from 'node:path';
import { InstallError } from '../install/error.ts';
import { install } from '../install/install.ts';
import { uninstall } from '../install/uninstall.ts';

export interface InstallFlags {
  readonly config?: string;
  readonly 'web.config.file'?: string;
  readonly attribution?: boolean;
  readonly root?: string;
}

export interface UninstallFlags {
  readonly purge?: boolean;
  readonly root?: string;
}

const PROXIES = ['http', 'https', 'all'].flatMap((of) => [
  `${of}_proxy`,
  `${of}_PROXY`.toUpperCase(),
]);

const say = (line: string): void => console.log(line);

/** Throws InstallError or ConfigError. */
export async function installCommand(flags: InstallFlags): Promise<void> {
  needsRoot('install');
  if (!Bun.isStandaloneExecutable) {
    throw new InstallError('only the compiled program can install itself: make build');
  }
  // The service is asked whether it is ready; a proxy of whoever started this would not reach it.
  for (const name of PROXIES) delete process.env[name];
  await install({
    program: process.execPath,
    root: resolve(flags.root ?? '/'),
    config: flags.config,
    webConfig: flags['web.config.file'],
    attribution: flags.attribution === true,
    say,
  });
}

/** Throws InstallError. */
export function uninstallCommand(flags: UninstallFlags): void {
  needsRoot('uninstall');
  uninstall({ root: resolve(flags.root ?? '/'), purge: flags.purge === true, say });
}

function needsRoot(command: string): void {
  if (process.geteuid?.() === 0) return;
  throw new InstallError(`${command} needs root: sudo ${process.execPath} ${command}`);
}
