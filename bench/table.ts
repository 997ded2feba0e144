/** What a benchmark found, and the table that tells it. */

/** What a figure is compared with: another program's figure, or the budget itself. */
export interface Budget {
  readonly of: number;
  /** How many times `of` it may be. Without one it is compared, not judged. */
  readonly factor?: number;
  /** Whose figure `of` is; the budget itself without one. */
  readonly whose?: string;
}

export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** A figure without a budget is told, not judged. */
  readonly budget?: Budget;
}

export type Verdict = 'met' | 'missed' | '';

function verdict({ measured, budget }: Row): Verdict {
  if (budget?.factor === undefined) return '';
  return measured <= budget.of * budget.factor ? 'met' : 'missed';
}

/** The rows below their headings, in columns. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['what', 'measured', 'budget', 'ratio', 'verdict'],
    ...rows.map((row) => [
      row.what,
      amount(row.measured, row.unit),
      budgetText(row),
      ratio(row),
      verdict(row),
    ]),
  ];
  const width = (column: number): number =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0));
  const widths = [0, 1, 2, 3, 4].map(width);
  const left = (column: number): boolean => column === 0 || column === 2 || column === 4;
  return cells
    .map((line) =>
      line
        .map((cell, i) => (left(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function budgetText({ budget, unit }: Row): string {
  if (budget === undefined) return '';
  const of = amount(budget.of, unit);
  if (budget.whose === undefined) return `≤ ${of}`;
  return budget.factor === undefined
    ? `${of} (${budget.whose})`
    : `≤ ${budget.factor} × ${of} (${budget.whose})`;
}

const ratio = ({ measured, budget }: Row): string =>
  budget === undefined || budget.of === 0 ? '' : (measured / budget.of).toPrecision(3);

/** Three figures that count; whole numbers as they are. */
function amount(value: number, unit: string): string {
  const text = Number.isInteger(value) || value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
  return `${text} ${unit}`.trimEnd();
}
