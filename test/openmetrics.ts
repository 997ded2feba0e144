/**
 * What OpenMetrics 1.0.0 asks of a page beyond what a reader notices by failing:
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const COMMENT = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (.*)$`);
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const NUMBER = '[+-]?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|NaN';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (${NUMBER})$`);

/** Suffixes that the samples of a family of this type have; `''` is none. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  info: ['_info'],
  stateset: [''],
  summary: ['', '_sum', '_count', '_created'],
  unknown: [''],
};

class Checker {
  readonly problems: string[] = [];
  readonly #families = new Set<string>();
  readonly #comments = new Set<string>();
  readonly #series = new Set<string>();
  #family = '';
  #type = 'unknown';
  #samples = 0;

  line(line: string): void {
    const comment = COMMENT.exec(line);
    if (comment !== null) this.#comment(line, comment[1] ?? '', comment[2] ?? '', comment[3] ?? '');
    else this.#sample(line);
  }

  end(): void {
    if (this.#family !== '' && this.#samples === 0) this.#object(`no sample of ${this.#family}`);
  }

  #object(problem: string): void {
    this.problems.push(problem);
  }

  #comment(line: string, kind: string, name: string, text: string): void {
    if (name !== this.#family) this.#open(name);
    if (this.#comments.has(`${kind} ${name}`)) this.#object(`twice: ${line}`);
    this.#comments.add(`${kind} ${name}`);
    if (this.#samples > 0) this.#object(`behind samples: ${line}`);
    if (kind === 'TYPE') {
      this.#type = text;
      if (SUFFIXES[text] === undefined) this.#object(`no such type: ${line}`);
    }
    if (kind === 'UNIT' && !name.endsWith(`_${text}`))
      this.#object(`unit not in the name: ${line}`);
    if (kind === 'HELP' && /\\[^\\n"]|(^|[^\\])"/.test(text)) this.#object(`not escaped: ${line}`);
  }

  #open(name: string): void {
    this.end();
    if (this.#families.has(name)) this.#object(`not in one piece: ${name}`);
    this.#families.add(name);
    this.#family = name;
    this.#type = 'unknown';
    this.#samples = 0;
  }

  #sample(line: string): void {
    const [, name = '', labels = ''] = SAMPLE.exec(line) ?? [];
    if (name === '') {
      this.#object(`no sample: ${line}`);
      return;
    }
    const suffixes = SUFFIXES[this.#type] ?? [''];
    if (!suffixes.some((suffix) => this.#family + suffix === name)) {
      this.#object(`not of ${this.#type} ${this.#family}: ${line}`);
    }
    this.#samples++;
    const set = labels.split(new RegExp(`(?<=${LABEL}),`)).sort();
    const names = set.map((label) => label.split('=')[0]);
    if (new Set(names).size < names.length) this.#object(`a label twice: ${line}`);
    const series = `${name}{${set.join(',')}}`;
    if (this.#series.has(series)) this.#object(`twice: ${series}`);
    this.#series.add(series);
  }
}

/** What is wrong with a page, line by line; nothing for a good one. */
export function violations(page: string): string[] {
  const checker = new Checker();
  const end = page.endsWith('\n# EOF\n') || page === '# EOF\n';
  const body = end ? page.slice(0, -'# EOF\n'.length) : page;
  for (const line of body.split('\n').slice(0, -1)) checker.line(line);
  checker.end();
  return end ? checker.problems : [...checker.problems, 'does not end with # EOF'];
}
