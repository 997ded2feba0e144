/** A page read by an engine's rules, in one step. */
import type { Engine } from '../engines/engine.ts';
import { Page } from '../exposition/page.ts';
import { type Collected, Collector } from './collect.ts';
import { type Figure, figuresOf } from './figures.ts';
import type { Value } from './memory.ts';

/** An engine with these signals alone. */
export const engineWith = (signals: Engine['signals'], rest: Partial<Engine> = {}): Engine => ({
  name: 'test',
  title: 'Test',
  paths: ['/metrics'],
  page: { any: ['t'] },
  model: ['model'],
  signals,
  ...rest,
});

export const collected = (page: string, engine: Engine, version?: string): Collected =>
  new Collector(engine, version).collect(new Page(new TextEncoder().encode(page)));

export const figures = (page: string, engine: Engine, model?: string): readonly Figure[] =>
  figuresOf(collected(page, engine), engine, model).figures;

/** Values by signal and labels, in short. */
export const shown = (values: readonly Value[]): Record<string, readonly number[]> =>
  Object.fromEntries(
    values.map((v) => [
      [v.signal, ...Object.entries(v.labels).map(([k, x]) => `${k}=${x}`)].join(' '),
      [...v.values],
    ]),
  );
