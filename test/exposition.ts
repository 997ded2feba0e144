/** Reads an exposition in the text format, as far as comparing two of them needs. */

export interface Sample {
  readonly name: string;
  /** Sorted `a="b",c="d"`, values unescaped. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/gs;

function readLabels(text: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(LABEL)) {
    out[name as string] = (value as string).replace(/\\(.)/g, (_, c: string) =>
      c === 'n' ? '\n' : c,
    );
  }
  return out;
}

/** Families by name, samples in their order. Throws on a line it cannot read. */
export function parse(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('# TYPE ')) {
      const [, , name = '', type = ''] = line.split(' ');
      types.set(name, type);
    } else if (line.startsWith('# HELP ')) {
      const [, , name = ''] = line.split(' ');
      helps.set(name, line.slice(`# HELP ${name} `.length));
    } else if (!line.startsWith('#')) {
      const match = LINE.exec(line);
      if (match === null) throw new Error(`cannot be read: ${line}`);
      const [, name = '', labels = '', value = ''] = match;
      const base = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
      let family = families.get(base);
      if (family === undefined) {
        const type = types.get(base) ?? 'untyped';
        family = { name: base, type, help: helps.get(base) ?? '', samples: [] };
        families.set(base, family);
      }
      family.samples.push({ name, labels: readLabels(labels), value });
    }
  }
  return families;
}

/** A sample's identity: name and labels in their order of names. */
export function identity(sample: Sample): string {
  const labels = Object.entries(sample.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${sample.name}{${labels.map(([k, v]) => `${k}=${JSON.stringify(v)}`).join(',')}}`;
}

/** Every sample by its identity. */
export function samples(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const family of parse(text).values()) {
    for (const sample of family.samples) out.set(identity(sample), sample.value);
  }
  return out;
}

export interface Series extends Sample {
  readonly type: string;
}

/** Every sample by its identity, as Prometheus knows it: a label without a value is no label. */
export function series(text: string): Map<string, Series> {
  const out = new Map<string, Series>();
  for (const { type, samples } of parse(text).values()) {
    for (const sample of samples) {
      const labels = Object.fromEntries(Object.entries(sample.labels).filter(([, v]) => v !== ''));
      const one = { ...sample, labels, type };
      out.set(identity(one), one);
    }
  }
  return out;
}
