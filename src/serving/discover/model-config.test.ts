import { describe, expect, test } from 'bun:test';
import { UNGUARDED } from '../../board/guard.ts';
import { bytesPerToken, cacheBytesPerToken } from './model-config.ts';
import { fakeProc } from './proc.fixture.ts';

const PLAIN = {
  num_hidden_layers: 36,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: 128,
  hidden_size: 4096,
  torch_dtype: 'bfloat16',
};

describe('bytesPerToken()', () => {
  test.each([
    ['keys and values of every layer', PLAIN, undefined, 2 * 36 * 8 * 128 * 2],
    [
      'heads by the hidden size',
      { ...PLAIN, head_dim: undefined, hidden_size: 2048 },
      undefined,
      2 * 36 * 8 * 64 * 2,
    ],
    [
      'all heads where none are shared',
      { ...PLAIN, num_key_value_heads: undefined },
      undefined,
      2 * 36 * 32 * 128 * 2,
    ],
    ['a cache of a type of its own', PLAIN, { cache: 'fp8_e4m3' }, 2 * 36 * 8 * 128],
    [
      'a cache of the type that the weights are turned into',
      PLAIN,
      { cache: 'auto', weights: 'float' },
      2 * 36 * 8 * 128 * 4,
    ],
    [
      'a compressed cache',
      { ...PLAIN, kv_lora_rank: 512, qk_rope_head_dim: 64 },
      undefined,
      36 * 576 * 2,
    ],
    [
      'a new name of the type',
      { ...PLAIN, torch_dtype: undefined, dtype: 'float16' },
      undefined,
      2 * 36 * 8 * 128 * 2,
    ],
    [
      'a window that is not used',
      { ...PLAIN, sliding_window: 4096, use_sliding_window: false },
      undefined,
      2 * 36 * 8 * 128 * 2,
    ],
  ])('%s', (_, config, said, bytes) => {
    expect(bytesPerToken(JSON.parse(JSON.stringify(config)), said)).toBe(bytes);
  });

  test.each([
    ['a sliding window', { ...PLAIN, sliding_window: 4096 }],
    ['layers of several kinds', { ...PLAIN, layer_types: ['full_attention', 'sliding_attention'] }],
    ['a model that also sees', { ...PLAIN, text_config: {} }],
    ['a type that is not known', { ...PLAIN, torch_dtype: 'int4' }],
    ['a type that engines make smaller', { ...PLAIN, torch_dtype: 'float32' }],
    ['layers with a shape each', { ...PLAIN, num_key_value_heads: null, block_configs: [] }],
    ['no layers', { ...PLAIN, num_hidden_layers: undefined }],
  ])('is not known of %s', (_, config) => {
    expect(bytesPerToken(JSON.parse(JSON.stringify(config)))).toBeUndefined();
  });
});

describe('config.json is found as the process sees it', () => {
  const bytes = 2 * 36 * 8 * 128 * 2;
  const hub = 'home/me/.cache/huggingface/hub/models--a--b/snapshots/0123/config.json';
  test.each([
    [
      'by the path of its model',
      ['vllm', 'serve', '--model', '/models/m'],
      'models/m/config.json',
      undefined,
      bytes,
    ],
    ['in the cache of the hub', ['vllm', 'serve', 'a/b'], hub, 'a/b', bytes],
    ['with the type of its cache', ['vllm', '--kv-cache-dtype', 'fp8'], hub, 'a/b', bytes / 2],
    [
      'under the name that stands for its files, not under that which it is served by',
      ['router', '--model-id', 'a/b', '--served-model-name', 'x'],
      hub,
      'x',
      bytes,
    ],
    ['nowhere', ['vllm', 'serve', 'c/d'], hub, 'c/d', undefined],
  ])('%s', (_, command, file, model, expected) => {
    using proc = fakeProc([{ pid: 5, command, files: { [file]: JSON.stringify(PLAIN) } }]);
    expect(
      cacheBytesPerToken({ procfs: proc.path, pid: 5, command, model, guard: UNGUARDED }),
    ).toBe(expected);
  });

  test('and not believed where it is no JSON', () => {
    using proc = fakeProc([{ pid: 5, command: ['a'], files: { [hub]: '{"num' } }]);
    expect(
      cacheBytesPerToken({
        procfs: proc.path,
        pid: 5,
        command: [],
        model: 'a/b',
        guard: UNGUARDED,
      }),
    ).toBeUndefined();
  });
});
