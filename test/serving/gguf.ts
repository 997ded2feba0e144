/**
 * A language model of our own: the shape of one that llama.cpp loads, with random weights. It says nonsense, and
 * counts its tokens as a large one does. Format: GGUF version 3 (ggml's docs/gguf.md).
 */

const EMBEDDING = 8;
const VOCABULARY = 260;
const ALIGNMENT = 32;

/** Types of values. */
const U32 = 4;
const I32 = 5;
const F32 = 6;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** Kinds of tokens. */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;

class Writer {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  bytes(part: Uint8Array): this {
    this.#parts.push(part);
    this.length += part.length;
    return this;
  }
  u32 = (x: number): this => this.bytes(new Uint8Array(Uint32Array.of(x).buffer));
  i32 = (x: number): this => this.bytes(new Uint8Array(Int32Array.of(x).buffer));
  f32 = (x: number): this => this.bytes(new Uint8Array(Float32Array.of(x).buffer));
  u64 = (x: number): this => this.bytes(new Uint8Array(BigUint64Array.of(BigInt(x)).buffer));
  text(s: string): this {
    const encoded = new TextEncoder().encode(s);
    return this.u64(encoded.length).bytes(encoded);
  }
  pad(): this {
    return this.bytes(new Uint8Array((ALIGNMENT - (this.length % ALIGNMENT)) % ALIGNMENT));
  }
  whole = (): Uint8Array => Buffer.concat(this.#parts);
}

type Put = (to: Writer) => Writer;
const u32 =
  (x: number): Put =>
  (to) =>
    to.u32(U32).u32(x);
const f32 =
  (x: number): Put =>
  (to) =>
    to.u32(F32).f32(x);
const flag =
  (x: boolean): Put =>
  (to) =>
    to.u32(BOOL).bytes(Uint8Array.of(x ? 1 : 0));
const text =
  (s: string): Put =>
  (to) =>
    to.u32(STRING).text(s);
const array = <T>(type: number, items: readonly T[], put: (to: Writer, item: T) => Writer): Put => {
  return (to) => items.reduce(put, to.u32(ARRAY).u32(type).u64(items.length));
};

const TOKENS = [
  '<unk>',
  '<s>',
  '</s>',
  ...Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`),
  '▁',
];
const KINDS = TOKENS.map((token, i) => {
  if (i === 0) return UNKNOWN;
  if (i < 3) return CONTROL;
  return token === '▁' ? NORMAL : BYTE;
});

const KEYS: Readonly<Record<string, Put>> = {
  'general.architecture': text('llama'),
  'llama.context_length': u32(65_536),
  'llama.embedding_length': u32(EMBEDDING),
  'llama.block_count': u32(1),
  'llama.feed_forward_length': u32(EMBEDDING),
  'llama.attention.head_count': u32(1),
  'llama.attention.layer_norm_rms_epsilon': f32(1e-5),
  'tokenizer.ggml.model': text('llama'),
  'tokenizer.ggml.tokens': array(STRING, TOKENS, (to, token) => to.text(token)),
  'tokenizer.ggml.scores': array(F32, TOKENS, (to) => to.f32(0)),
  'tokenizer.ggml.token_type': array(I32, KINDS, (to, kind) => to.i32(kind)),
  'tokenizer.ggml.unknown_token_id': u32(0),
  'tokenizer.ggml.bos_token_id': u32(1),
  'tokenizer.ggml.eos_token_id': u32(2),
  'tokenizer.ggml.add_space_prefix': flag(false),
};

const SQUARE = [EMBEDDING, EMBEDDING];
/** Name and size, the dimension that moves fastest first. */
const TENSORS: readonly (readonly [string, readonly number[]])[] = [
  ['token_embd.weight', [EMBEDDING, VOCABULARY]],
  ['output_norm.weight', [EMBEDDING]],
  ['output.weight', [EMBEDDING, VOCABULARY]],
  ['blk.0.attn_norm.weight', [EMBEDDING]],
  ...['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'].map(
    (name) => [`blk.0.${name}.weight`, SQUARE] as const,
  ),
  ['blk.0.ffn_norm.weight', [EMBEDDING]],
];

/** The same bytes each time. */
export function gguf(): Uint8Array {
  const head = new Writer().bytes(new TextEncoder().encode('GGUF')).u32(3);
  head.u64(TENSORS.length).u64(Object.keys(KEYS).length);
  for (const [key, put] of Object.entries(KEYS)) put(head.text(key));
  const data = new Writer();
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  };
  for (const [name, size] of TENSORS) {
    head.text(name).u32(size.length);
    for (const n of size) head.u64(n);
    head.u32(0).u64(data.length);
    for (let i = size.reduce((a, b) => a * b); i > 0; i--) data.f32(random());
    data.pad();
  }
  return head.pad().bytes(data.whole()).whole();
}
