/** `edgegauge snapshot`: one full sample, printed, and the end. */

import { ConfigError } from '../config/error.ts';
import { CONTENT_TYPE, FORMATS, type Format } from '../text/format.ts';
import type { Assembly } from './assembly.ts';
import type { Invocation } from './invocation.ts';
import { firstSample, oneShot } from './once.ts';

export async function snapshot(invocation: Invocation): Promise<void> {
  const { format } = invocation.options;
  if (!isFormat(format)) {
    throw new ConfigError([`--format: "${format}" is not one of ${FORMATS.join(', ')}`]);
  }
  const assembly = await oneShot(invocation);
  await firstSample(assembly);
  await Bun.write(Bun.stdout, render(assembly, format));
  await assembly.close();
  process.exit(0);
}

const isFormat = (format: unknown): format is Format => FORMATS.some((f) => f === format);

function render(assembly: Assembly, format: Format): Uint8Array {
  const accept = CONTENT_TYPE[format];
  const query = { accept, acceptEncoding: undefined, dialects: [], collect: [], exclude: [] };
  return assembly.metrics(query).bytes;
}
