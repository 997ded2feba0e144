/** A reading made of questions, each one call with fixed series: what most groups are. */
import { FieldBatch, VALUE_TYPE } from '../../../ffi/nvml.ts';
import type { Labels } from '../../board/layout.ts';
import type { Signal } from '../../catalog/signal.ts';
import type { Gpu, Reading, Slots } from './group.ts';
import { isGone, isUnsupported } from './policy.ts';

/** A series by its signal, or with labels besides those of the GPU. */
export type Column = Signal | readonly [signal: Signal, labels: Readonly<Record<string, string>>];

export interface Question {
  readonly series: readonly Column[];
  /** Where each of `series` is a part that can be asked by itself. */
  readonly parts?: Parts;
  /**
   * Asks NVML and puts a number into `answer` for each of `series`, in base units; what is left NaN is
   * absent. Answers the nvmlReturn_t.
   */
  ask(answer: Float64Array): number;
}

interface Parts {
  /** nvmlReturn_t of each, of the last time. */
  readonly codes: Uint32Array;
  /** The same question about those alone that stand at these positions. */
  only(positions: readonly number[]): Question;
}

/** A question of one number; `read` makes the call and answers NaN where it fails, `policy` judges. */
export function one(
  gpu: Gpu,
  series: Column,
  read: () => number,
  policy: (x: number) => number,
): Question {
  return {
    series: [series],
    ask(answer) {
      answer[0] = policy(read());
      return gpu.nvml.rc;
    },
  };
}

/** A field value (NVML_FI_ id, or pair of id and scope) and what becomes of it. */
export interface Field {
  readonly id: number | readonly [id: number, scope: number];
  readonly series: Column;
  readonly policy: (x: number) => number;
  /** It is to have 64 bits: a value that has fewer is of something else. */
  readonly wide?: true;
}

/** Several fields by one call. */
export function fields(gpu: Gpu, rows: readonly Field[]): Question & { readonly parts: Parts } {
  const batch = new FieldBatch(rows.map((row) => row.id));
  return {
    series: rows.map((row) => row.series),
    parts: {
      codes: batch.rc,
      only: (positions) =>
        fields(
          gpu,
          positions.map((i) => rows[i] as Field),
        ),
    },
    ask(answer) {
      const rc = readFields(gpu, batch);
      for (let i = 0; i < rows.length; i++) {
        const { policy, wide } = rows[i] as Field;
        const fits = wide === undefined || isWide(batch.type[i] as number);
        answer[i] = fits ? policy(batch.value[i] as number) : Number.NaN;
      }
      return rc;
    },
  };
}

const isWide = (type: number): boolean =>
  type === VALUE_TYPE.unsignedLong || type === VALUE_TYPE.unsignedLongLong;

/** Asks for a batch; a field's code that says that the GPU is gone is that of the whole. */
export function readFields(gpu: Gpu, batch: FieldBatch): number {
  const rc = gpu.nvml.fields.read(gpu.handle, batch);
  for (let i = 0; i < batch.length; i++) {
    const own = batch.rc[i] as number;
    if (isGone(own)) return own;
  }
  return rc;
}

/** What the last question was answered: one array for all, since a machine has hundreds of questions. */
let answer = new Float64Array(32);

interface Entry {
  readonly question: Question;
  /** Labels of its series: the same objects at each discovery. */
  readonly labels: readonly Labels[];
  /** What is asked: the question, or the parts of it that this GPU knows; undefined where it knows none. */
  asked: Question | undefined;
  /** Of the series of `asked`. */
  readonly slots: number[];
}

export class Table implements Reading {
  readonly #entries: readonly Entry[];

  constructor(gpu: Gpu, questions: readonly Question[]) {
    this.#entries = questions.map((question) => ({
      question,
      labels: question.series.map((column) => labelsOf(gpu, column)),
      asked: undefined,
      slots: [],
    }));
    const most = Math.max(...questions.map((question) => question.series.length));
    if (most > answer.length) answer = new Float64Array(most);
  }

  /** Asks again what the GPU did not know so far: ECC or MIG may have been switched since. */
  declare(slots: Slots): void {
    for (const entry of this.#entries) {
      const { question, labels } = entry;
      if (entry.asked !== question) entry.asked = known(question, entry.asked);
      entry.slots.length = 0;
      for (const column of entry.asked?.series ?? []) {
        const own = labels[question.series.indexOf(column)] as Labels;
        entry.slots.push(slots.slot(signalOf(column), own));
      }
    }
  }

  sample(values: Float64Array): number {
    for (const { asked, slots } of this.#entries) {
      if (asked === undefined) continue;
      const rc = ask(asked);
      for (let i = 0; i < slots.length; i++) values[slots[i] as number] = answer[i] as number;
      if (isGone(rc)) return rc;
    }
    return 0;
  }
}

const signalOf = (column: Column): Signal => ('id' in column ? column : column[0]);

const labelsOf = ({ facts }: Gpu, column: Column): Labels =>
  'id' in column ? facts : { ...facts, ...column[1] };

/** What of a question the GPU knows; `before`: what it knew when it was asked last. */
function known(question: Question, before: Question | undefined): Question | undefined {
  const rc = ask(question);
  if (isUnsupported(rc)) return before;
  const { parts } = question;
  if (parts === undefined) return question;
  const positions = question.series.keys().filter((i) => !isUnsupported(parts.codes[i] as number));
  const these = [...positions];
  if (these.length === (before?.series.length ?? 0)) return before;
  return these.length === question.series.length ? question : parts.only(these);
}

function ask(question: Question): number {
  answer.fill(Number.NaN);
  return question.ask(answer);
}
