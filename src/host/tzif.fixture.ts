/** Builds time zone files (RFC 9636), so that no test depends on the zones of the machine it runs on. */

export interface ZoneType {
  readonly offset: number;
  readonly abbreviation: string;
}

export interface ZoneFile {
  readonly types: readonly ZoneType[];
  /** Moments, and which type begins there. */
  readonly changes?: readonly (readonly [moment: number, type: number])[];
  readonly rule?: string;
  /** 1: 32-bit times and no rule. */
  readonly version?: 1 | 2;
}

export function tzif(spec: ZoneFile): Uint8Array {
  if (spec.version === 1) return block(spec, 4, 0);
  const narrow = block({ types: spec.types.slice(0, 1) }, 4, 0x32);
  const footer = new TextEncoder().encode(`\n${spec.rule ?? ''}\n`);
  return Buffer.concat([narrow, block(spec, 8, 0x32), footer]);
}

function block(spec: ZoneFile, width: 4 | 8, version: number): Uint8Array {
  const changes = spec.changes ?? [];
  const names = spec.types.map((type) => `${type.abbreviation}\0`);
  const characters = names.join('');
  const head = Buffer.alloc(44);
  head.write('TZif');
  head[4] = version;
  // utc, standard, leap seconds, times, types, characters
  [0, 0, 0, changes.length, spec.types.length, characters.length].forEach((n, i) => {
    head.writeUInt32BE(n, 20 + i * 4);
  });
  const times = Buffer.alloc(changes.length * width);
  for (const [i, [moment]] of changes.entries()) {
    if (width === 4) times.writeInt32BE(moment, i * 4);
    else times.writeBigInt64BE(BigInt(moment), i * 8);
  }
  const types = Buffer.alloc(spec.types.length * 6);
  for (const [i, type] of spec.types.entries()) {
    types.writeInt32BE(type.offset, i * 6);
    types[i * 6 + 5] = names.slice(0, i).join('').length;
  }
  const indices = Buffer.from(changes.map(([, type]) => type));
  return Buffer.concat([head, times, indices, types, Buffer.from(characters)]);
}
