/** A source made of kernel text files whose shape is compiled at discovery. Most of src/host is one call of this. */
import type { Draft } from '../board/layout.ts';
import { NoData, SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { Program, tokens } from './program.ts';
import { contents, KernelFile, latin1, wholeLines } from './reader.ts';
import { scan } from './scan.ts';

/** What a shape function is told about one line. */
export interface Line {
  /** The line's tokens, one character per byte. */
  readonly tokens: readonly string[];
  /** Line number from 0. */
  readonly at: number;
  /** All lines' tokens, for tables whose header names the columns. */
  readonly lines: readonly (readonly string[])[];
}

export interface FileSpec {
  /** Absolute path. */
  readonly path: string;
  /** Bytes between tokens; default space and tab. */
  readonly separators?: string;
  /** A file that may be missing; the source is NoData only when all of its files are. */
  readonly optional?: boolean;
  /**
   * Says what the tokens of one line are, by calling `program` in their order and declaring series on
   * `draft`. What it leaves of the line is passed over.
   */
  shape(line: Line, program: Program, draft: Draft): void;
}

export interface FileSourceSpec {
  readonly name: string;
  readonly collectors: readonly string[];
  readonly files: readonly FileSpec[];
  /** Declares series that are computed from others. */
  readonly derive?: (draft: Draft) => void;
  /** Computes them, after all files were read. Allocates nothing. */
  readonly after?: (values: Float64Array) => void;
}

interface Compiled {
  readonly file: KernelFile;
  readonly spec: FileSpec;
  program: Program | undefined;
}

export interface FileSource extends Source {
  /** What was compiled at the last discovery: the benchmark hands it to its C program. */
  programs(): { readonly path: string; readonly program: Program }[];
}

export function fileSource(spec: FileSourceSpec): FileSource {
  const files: Compiled[] = spec.files.map((file) => ({
    file: new KernelFile(file.path),
    spec: file,
    program: undefined,
  }));
  return {
    name: spec.name,
    collectors: spec.collectors,
    discover(draft) {
      for (const f of files) f.program = compile(f, draft);
      if (files.every((f) => f.program === undefined)) {
        throw new NoData(`${files.map((f) => f.file.path).join(', ')}: not there`);
      }
      spec.derive?.(draft);
    },
    sample(values): SampleCode {
      for (let k = 0; k < files.length; k++) {
        const f = files[k] as Compiled;
        if (f.program === undefined) continue;
        const length = wholeLines(f.file.read());
        if (scan(f.program, contents(), length, values) === SAMPLE.rescan) return SAMPLE.rescan;
      }
      spec.after?.(values);
      return SAMPLE.ok;
    },
    close() {
      for (const f of files) f.file.close();
    },
    programs: () =>
      files.flatMap(({ file, program }) => (program ? [{ path: file.path, program }] : [])),
  };
}

/** Whether an error says that this kernel does not offer the file: missing, or switched off (`psi=0` answers EOPNOTSUPP). */
export function notOffered(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'EOPNOTSUPP' || code === 'ENOTSUP';
}

function compile(f: Compiled, draft: Draft): Program | undefined {
  let length: number;
  try {
    length = f.file.read();
  } catch (error) {
    if (!notOffered(error)) throw error;
    if (f.spec.optional === true) return undefined;
    throw new NoData(`${f.file.path}: not there`);
  }
  const program = new Program(f.spec.separators ?? ' \t');
  const rows = latin1(length).split('\n');
  // Behind the last newline is nothing, or half a line.
  rows.pop();
  const lines = rows.map((row) => tokens(row, program.separators));
  for (const [at, line] of lines.entries()) {
    f.spec.shape({ tokens: line, at, lines }, program, draft);
    program.rest();
  }
  program.seal();
  return program;
}
