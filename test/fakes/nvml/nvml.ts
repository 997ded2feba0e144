/**
 * A libnvidia-ml.so.1 that answers what a scenario file says; README.md describes the file. Needs the parts
 * `cc` and `nvmlHeader`.
 *
 *     using fake = new FakeNvml('gb10');
 *     const nvml = fake.open();                                    // in this process, or
 *     spawn({ env: { ...process.env, ...fake.env }, … });          // in another that opens fake.library
 *     fake.set('gpu 0', 'PowerUsage', 'hang');
 *     await fake.reached('hang PowerUsage');
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { region, setText, uint64 } from '../../../ffi/arena.ts';
import { openLibrary } from '../../../ffi/library.ts';
import { type Nvml, openNvml } from '../../../ffi/nvml.ts';
import { nvmlHeader } from '../../parts/libraries.ts';
import { ROOT } from '../../parts.ts';

const FOLDER = `${ROOT}/test/fakes/nvml`;
const SOURCES = `${FOLDER}/library`;
const BUILT = `${ROOT}/.cache/fakes/nvml`;

export interface BuildOptions {
  /** Functions that the library is to lack, as an older driver's does. */
  readonly missing?: readonly string[];
  /** The C compiler, `cc` unless named: a cross compiler builds for its machine. */
  readonly compiler?: string;
}

/** Path of a libnvidia-ml.so.1, built unless one of these options and these sources is there. */
export function buildFakeNvml({ missing = [], compiler = 'cc' }: BuildOptions = {}): string {
  const sources = readdirSync(SOURCES).filter((name) => /\.(c|h|def)$/.test(name));
  const contents = sources.map((name) => readFileSync(`${SOURCES}/${name}`, 'utf8'));
  const object = `${BUILT}/${digest([compiler, ...contents])}`;
  const wanted = [...new Set(missing)].sort();
  const directory = `${object}/${wanted.length === 0 ? 'whole' : digest(wanted)}`;
  const library = `${directory}/libnvidia-ml.so.1`;
  if (existsSync(library)) return library;
  mkdirSync(directory, { recursive: true });
  make(`${object}/fake.o`, (out) => [
    compiler,
    ...['-std=gnu17', '-D_GNU_SOURCE', '-O2', '-fPIC', '-Wall', '-Wextra', '-Werror', '-r'],
    ...['-isystem', nvmlHeader() ?? 'nvml.h of libnvidia-ml-dev is missing'],
    ...sources.filter((name) => name.endsWith('.c')).map((name) => `${SOURCES}/${name}`),
    ...['-o', out],
  ]);
  // dlsym(3) finds what is exported: a function that is missing is one that stays inside.
  const local = wanted.map((name) => `${name}; `).join('');
  const script = `${directory}/exports.${process.pid}`;
  writeFileSync(script, `{ global: nvml*; fakeNvml*; local: ${local}*; };\n`);
  make(library, (out) => [
    compiler,
    ...['-shared', `${object}/fake.o`, '-Wl,-soname,libnvidia-ml.so.1'],
    ...[`-Wl,--version-script=${script}`, '-o', out],
  ]);
  rmSync(script);
  return library;
}

/** Path of a scenario that is kept here. */
export function scenario(name: string): string {
  return `${FOLDER}/scenarios/${name}.scenario`;
}

export interface FakeOptions extends BuildOptions {
  /**
   * Growing counters stand where they are this many seconds after their stated value (0 for goldens);
   * unless given they grow with the clock, from the moment that the fake is made.
   */
  readonly elapsed?: number;
}

/** A copy of a scenario that can be changed while a process uses it, and the library that follows it. */
export class FakeNvml implements Disposable {
  /** Path of the library: a driver's of that age, without what the scenario says is missing. */
  readonly library: string;
  /** Path of the copy. */
  readonly path: string;
  /** What a process that opens the library has to have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #directory: string;
  readonly #text: string;
  /** Assignments by section and key, in the order in which their keys were set first. */
  readonly #set = new Map<string, Map<string, string>>();
  readonly #events: string[] = [];
  #written = 0;
  /** Lines of the log that answered somebody. */
  readonly #taken = new Set<number>();

  /** `name`: of a scenario that is kept here, or a path (with a slash). */
  constructor(name: string, { elapsed, missing = [], ...options }: FakeOptions = {}) {
    this.#text = readFileSync(name.includes('/') ? name : scenario(name), 'utf8');
    this.library = buildFakeNvml({ ...options, missing: [...missingIn(this.#text), ...missing] });
    this.#directory = mkdtempSync(join(tmpdir(), 'edgegauge-nvml-'));
    this.path = `${this.#directory}/scenario`;
    this.env = { EDGEGAUGE_FAKE_NVML: this.path };
    writeFileSync(this.#log, '');
    this.setAll('system', {
      log: this.#log,
      epoch: (Date.now() / 1000).toFixed(3),
      ...(elapsed === undefined ? {} : { elapsed: String(elapsed) }),
    });
  }

  /** Says something else from the next call on: `set('gpu 0', 'Temperature.gpu', 71)`. */
  set(section: string, key: string, value: string | number): void {
    this.setAll(section, { [key]: value });
  }

  /** Several keys at once: no call sees some without the others. */
  setAll(section: string, values: Readonly<Record<string, string | number>>): void {
    const keys = this.#set.get(section) ?? new Map<string, string>();
    for (const [key, value] of Object.entries(values)) keys.set(key, String(value));
    this.#set.set(section, keys);
    this.#write();
  }

  /** Takes back what was set: the scenario's own value is in force again. */
  unset(section: string, key: string): void {
    this.#set.get(section)?.delete(key);
    this.#write();
  }

  /** A GPU, MIG device or process that is not there any more. It comes back with `unset(section, 'absent')`. */
  remove(section: string): void {
    this.set(section, 'absent', 'yes');
  }

  /** An XID error happens now. Only who is registered for events hears of it: await `registered` first. */
  xid(gpu: number, number: number): void {
    this.#events.push(`[gpu ${gpu}]\nxid = ${number}\n`);
    this.#write();
  }

  /** Another event happens: its nvmlEventType bit, and its data. */
  event(gpu: number, type: number, data = 0): void {
    this.#events.push(`[gpu ${gpu}]\nevent = ${type} ${data}\n`);
    this.#write();
  }

  /**
   * Resolves when a process did something that no former call of this method answered for: `call PowerUsage`
   * (only its first), `registered RegisterEvents` (each), `hang KEY`, `hang-file KEY`, `abort KEY`,
   * `segfault KEY`. Answers that process's id.
   */
  async reached(what: string): Promise<number> {
    for (;;) {
      const lines = readFileSync(this.#log, 'utf8').split('\n');
      const at = lines.findIndex(
        (line, index) => line.endsWith(` ${what}`) && !this.#taken.has(index),
      );
      if (at >= 0) {
        this.#taken.add(at);
        return Number.parseInt(lines[at] as string, 10);
      }
      await Bun.sleep(2);
    }
  }

  /** How often something happened that {@link reached} waits for. */
  count(what: string): number {
    const lines = readFileSync(this.#log, 'utf8').split('\n');
    return lines.filter((line) => line.endsWith(` ${what}`)).length;
  }

  /**
   * The library in this process, with this scenario and as if it were just loaded. Not with a scenario that
   * hangs or crashes; and not for two scenarios at a time.
   */
  open(): Nvml {
    const library = openLibrary([this.library]);
    const nvml = openNvml(this.library);
    if ('error' in library) throw new Error(library.error);
    if ('error' in nvml) throw new Error(nvml.error);
    const path = region(this.path.length + 1);
    setText(path, 0, this.path);
    library.bind(['fakeNvmlScenario'], ['ptr'], -1)(path.pointer);
    return nvml;
  }

  /** What calls into the library took in this process, all of them since it was loaded. For benchmarks. */
  spent(): { nanoseconds: number; calls: number } {
    const library = openLibrary([this.library]);
    if ('error' in library) throw new Error(library.error);
    const { view, pointer } = region(16);
    library.bind(['fakeNvmlSpent'], ['ptr', 'ptr'], -1)(pointer, pointer + 8);
    return { nanoseconds: uint64(view, 0), calls: uint64(view, 8) };
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #log(): string {
    return `${this.#directory}/log`;
  }

  #write(): void {
    const set = [...this.#set].map(([section, keys]) => {
      const lines = [...keys].map(([key, value]) => `${key} = ${value}\n`);
      return `[${section}]\n${lines.join('')}`;
    });
    const next = `${this.path}.next`;
    writeFileSync(next, [this.#text, '\n', ...set, ...this.#events].join(''));
    // The library goes by inode, size and time, and a clock tick may be longer than the time between two.
    this.#written = Math.max(Date.now(), this.#written + 1);
    utimesSync(next, this.#written / 1000, this.#written / 1000);
    renameSync(next, this.path);
  }
}

function missingIn(text: string): readonly string[] {
  const lines = [...text.matchAll(/^\s*missing\s*=\s*([^#\n]*)/gm)];
  return lines.flatMap((line) => (line[1] ?? '').trim().split(/\s+/));
}

function digest(parts: readonly string[]): string {
  const hash = new Bun.CryptoHasher('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}`);
  return hash.digest('hex').slice(0, 16);
}

/** Makes a file by a command that is told where; renamed when it is whole, because test files run side by side. */
function make(file: string, command: (out: string) => readonly string[]): void {
  if (existsSync(file)) return;
  const out = `${file}.${process.pid}`;
  const made = Bun.spawnSync([...command(out)]);
  if (made.exitCode !== 0) throw new Error(`${command(out).join(' ')}\n${made.stderr}`);
  renameSync(out, file);
}
