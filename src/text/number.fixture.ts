/** What the tests of number.ts and shortest.ts share. */
import fc from 'fast-check';

const CANARY = 0xa5;
const START = 7;
const out = new Uint8Array(64);
const decoder = new TextDecoder();

/** The text that `write` writes for `value`. Throws where a byte outside of it has changed. */
export function written(
  write: (out: Uint8Array, at: number, value: number) => number,
  value: number,
): string {
  out.fill(CANARY);
  const end = write(out, START, value);
  for (let i = 0; i < out.length; i++) {
    if ((i < START || i >= end) && out[i] !== CANARY) {
      throw new Error(`${value}: byte ${i} changed, the text is ${START} to ${end}`);
    }
  }
  return decoder.decode(out.subarray(START, end));
}

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const view = new DataView(new ArrayBuffer(8));

/** Every finite double with the same chance, so nearly all very large or very small. */
export const anyBits = fc
  .tuple(word, word)
  .map(([high, low]) => {
    view.setUint32(0, high);
    view.setUint32(4, low);
    return view.getFloat64(0);
  })
  .filter(Number.isFinite);

/** The double `steps` above `value` (below: negative), both above zero. */
export function neighbour(value: number, steps: number): number {
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

/** Every power of two and of ten that is a double, and the doubles up to three away from each. */
export function* edges(): Generator<number> {
  for (let exponent = -1074; exponent < 1024; exponent++) yield* around(2 ** exponent);
  for (let exponent = -323; exponent < 309; exponent++) yield* around(Number(`1e${exponent}`));
}

function* around(value: number): Generator<number> {
  for (let steps = -3; steps <= 3; steps++) {
    const near = neighbour(value, steps);
    if (near > 0 && Number.isFinite(near)) yield near;
  }
}
