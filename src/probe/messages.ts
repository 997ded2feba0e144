/** What a probe and its parent say to each other: one JSON object per line, on the child's standard input and output. */
import type { SourceReport } from '../board/registry.ts';
import type { WireTopology } from './topology.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Parent to child. Nothing is sampled before the first, and each is followed by a poll. */
export interface Order {
  /** In the first: where to make shared mappings, and the pid of the parent, which their names carry. */
  readonly directory?: string;
  readonly owner?: number;
  /** Milliseconds between polls. */
  readonly interval?: number;
  /** Devices to leave out, all of them. */
  readonly skip?: readonly string[];
  /** What the sources of this kind are to know, whole: it stands in no command line, where all may read it. */
  readonly tell?: unknown;
  /** Poll now. */
  readonly poll?: true;
}

/** Child to parent. */
export interface Report {
  /** File in the order's directory of a mapping to use from now on; the parent takes its name away. */
  readonly mapping?: string;
  readonly topology?: WireTopology;
  readonly sources?: readonly SourceReport[];
  readonly log?: {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: Readonly<Record<string, string>>;
  };
}

/** Characters after which a line without an end is given up. */
const LONGEST = 16 * 1024 * 1024;

/** Lines out of a stream of bytes; what has no end yet waits for the next chunk. */
export class Lines {
  readonly #decoder = new TextDecoder();
  #rest = '';

  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest = rest.length > LONGEST ? '' : rest;
    return lines.filter((line) => line.trim() !== '');
  }
}

/** The object that a line says; undefined where the line is something else (a vendor's library prints on standard output too). */
export function parseMessage<T extends object>(line: string): T | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}
