/** What is brought to every machine: programs by processor, and one directory of configuration. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Given, readGiven } from '../install/configuration.ts';
import { InstallError } from '../install/error.ts';
import { places } from '../install/places.ts';

/** By what `uname -m` says. */
const ARCHES: Readonly<Record<string, 'x64' | 'arm64'>> = { x86_64: 'x64', aarch64: 'arm64' };

export interface Program {
  readonly path: string;
  readonly sha256: string;
}

export class Programs {
  readonly #directory: string;
  readonly #own: string;
  readonly #known = new Map<string, Program>();

  /** `own`: the program that runs, which serves for machines like this one. */
  constructor(directory: string, own: string) {
    this.#directory = directory;
    this.#own = own;
  }

  /** For a machine that calls itself so. Throws InstallError where there is none. */
  of(machine: string): Program {
    const known = this.#known.get(machine);
    if (known !== undefined) return known;
    const path = this.#find(machine);
    const program = { path, sha256: sha256(path) };
    this.#known.set(machine, program);
    return program;
  }

  #find(machine: string): string {
    const arch = ARCHES[machine];
    if (arch === undefined) throw new InstallError(`there is no edgegauge for ${machine}`);
    const path = join(this.#directory, `edgegauge-linux-${arch}`);
    if (existsSync(path)) return path;
    if (arch === process.arch && Bun.isStandaloneExecutable) return this.#own;
    throw new InstallError(`${path} is not there; --binary-dir says where it is`);
  }
}

/** A directory with the configuration, as the machines get it; removed when it is disposed of. */
export interface Luggage extends Disposable {
  /** Undefined where there is nothing to bring. */
  readonly directory: string | undefined;
  /** Flags of `edgegauge install`, for the directory's place there. */
  flags(there: string): readonly string[];
}

/** Names in the directory. */
const CONFIG = 'given.yaml';
const WEB_CONFIG = 'given-web.yaml';

/** Throws ConfigError where the configuration is wrong: before any machine is asked. */
export async function pack(given: Given): Promise<Luggage> {
  const root = mkdtempSync(join(tmpdir(), 'edgegauge-fleet-'));
  try {
    // Paths in the directory are those below /etc/edgegauge.
    const at = { ...places('/'), directory: root, webConfig: join(root, WEB_CONFIG) };
    const { config, webConfig, files } = await readGiven(at, given, 'there');
    if (config !== undefined) writeFileSync(join(root, CONFIG), config, { mode: 0o600 });
    if (webConfig !== undefined) writeFileSync(join(root, WEB_CONFIG), webConfig, { mode: 0o600 });
    for (const { from, to } of files) {
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(from, to);
    }
    const empty = config === undefined && webConfig === undefined;
    return {
      directory: empty ? undefined : root,
      flags: (there) => [
        ...(config === undefined ? [] : [`--config=${there}/${CONFIG}`]),
        ...(webConfig === undefined ? [] : [`--web.config.file=${there}/${WEB_CONFIG}`]),
      ],
      [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
}

function sha256(path: string): string {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1024 * 1024);
  const fd = openSync(path, 'r');
  try {
    for (let n = readSync(fd, piece); n > 0; n = readSync(fd, piece))
      hash.update(piece.subarray(0, n));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
