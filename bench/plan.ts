/**
 * The plan that floor.c executes: what `src/host` compiled from the kernel's files and `src/text` from
 * the layout, as text. The head of floor.c says what each line means.
 */
import type { Program } from '../src/host/program.ts';
import type { CompiledFamily } from '../src/text/families.ts';

export interface FilePlan {
  readonly path: string;
  readonly program: Program;
}

export function planText(files: readonly FilePlan[], families: readonly CompiledFamily[]): string {
  const lines = [...files.flatMap(fileLines), ...families.flatMap(familyLines)];
  return `${lines.join('\n')}\n`;
}

function fileLines({ path, program }: FilePlan): string[] {
  const separators = [...program.separators.keys()].filter((c) => program.separators[c] === 1);
  return [
    `F ${path}`,
    `S ${Buffer.from(separators).toString('hex')}`,
    ...program.ops.map((op, k) => {
      const [arg = 0, length = 0] = [program.args[k], program.lengths[k]];
      const word = length === 0 ? '' : hex(program.words.subarray(arg, arg + length));
      return `O ${op} ${arg} ${program.times[k]} ${program.over[k]} ${word}`;
    }),
  ];
}

const familyLines = ({ head, lines }: CompiledFamily): string[] => [
  `H ${hex(Buffer.from(head))}`,
  ...lines.map((l) => `L ${l.slot} ${l.scale} ${hex(Buffer.from(l.text))}`),
];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
