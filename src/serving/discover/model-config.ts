/**
 * Bytes that one token takes in the KV cache, from the model's config.json as its process sees it. Only where
 * every layer keeps keys and values of the same shape: anything else is not known.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Guard } from '../../board/guard.ts';
import { flagValue } from './fingerprint.ts';

export interface ModelFiles {
  readonly procfs: string;
  readonly pid: number;
  readonly command: readonly string[];
  /** Path or name in the cache of Hugging Face's hub, where no flag says it. */
  readonly model: string | undefined;
  readonly guard: Guard;
}

/** Undefined where it is not known. The files may lie on a mount that does not answer: the guard is asked first. */
export function cacheBytesPerToken(files: ModelFiles): number | undefined {
  const { guard, command } = files;
  const model = flagValue(command, ['--model', '--model-path', '--model-id']) ?? files.model;
  if (model === undefined || !guard.enter(`model ${model}`)) return undefined;
  try {
    const config = readConfig(files, model);
    if (config === undefined) return undefined;
    return bytesPerToken(config, {
      cache: flagValue(command, ['--kv-cache-dtype']),
      weights: flagValue(command, ['--dtype']),
    });
  } finally {
    guard.leave();
  }
}

type Json = Readonly<Record<string, unknown>>;

function readConfig({ procfs, pid }: ModelFiles, model: string): Json | undefined {
  const root = `${procfs}/${pid}/root`;
  const paths = model.startsWith('/') ? [`${root}${model}/config.json`] : inHub(root, model);
  for (const path of paths) {
    try {
      const said: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (typeof said === 'object' && said !== null) return said as Json;
    } catch {
      // Not there, not readable, or no configuration.
    }
  }
  return undefined;
}

/** Where the hub's cache is by default: HF_HOME stands in an environment that only its owner may read. */
function inHub(root: string, model: string): string[] {
  const name = `models--${model.replaceAll('/', '--')}`;
  const homes = ['/root', ...list(`${root}/home`).map((user) => `/home/${user}`)];
  return homes.flatMap((home) => {
    const snapshots = `${root}${home}/.cache/huggingface/hub/${name}/snapshots`;
    return list(snapshots).map((snapshot) => `${snapshots}/${snapshot}/config.json`);
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Of the types that a server may be told to use. */
const SIZES: Readonly<Record<string, number>> = {
  float32: 4,
  float: 4,
  float16: 2,
  half: 2,
  bfloat16: 2,
  fp8: 1,
  fp8_e4m3: 1,
  fp8_e5m2: 1,
};

/** Types that a command line names. */
export interface SaidTypes {
  readonly cache?: string | undefined;
  readonly weights?: string | undefined;
}

/** The cache is of the type of the weights unless somebody says otherwise. */
function sizeOf(config: Json, { cache = 'auto', weights = 'auto' }: SaidTypes): number | undefined {
  const said = [cache, weights].find((type) => type !== 'auto');
  if (said !== undefined) return SIZES[said];
  const type = config['dtype'] ?? config['torch_dtype'];
  // Engines use a smaller type than this one of their own accord.
  return typeof type === 'string' && type !== 'float32' ? SIZES[type] : undefined;
}

/** Keys of config.json as Hugging Face's transformers writes them. */
export function bytesPerToken(config: Json, said: SaidTypes = {}): number | undefined {
  const number = (key: string): number | undefined => {
    const value = config[key];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const size = sizeOf(config, said);
  const layers = number('num_hidden_layers');
  if (size === undefined || layers === undefined || isMixed(config)) return undefined;
  const rank = number('kv_lora_rank');
  if (rank !== undefined) return layers * (rank + (number('qk_rope_head_dim') ?? 0)) * size;
  const heads = number('num_attention_heads');
  const hidden = number('hidden_size');
  const dimension =
    number('head_dim') ??
    (heads === undefined || hidden === undefined ? undefined : hidden / heads);
  const cached = number('num_key_value_heads') ?? heads;
  if (dimension === undefined || cached === undefined) return undefined;
  return 2 * layers * cached * dimension * size;
}

/** Layers that keep something else than keys and values of every token. */
function isMixed(config: Json): boolean {
  const types = config['layer_types'];
  if (Array.isArray(types) && types.some((type) => type !== 'full_attention')) return true;
  if (config['sliding_window'] != null && config['use_sliding_window'] !== false) return true;
  return [
    'text_config',
    'ssm_cfg',
    'mamba_d_state',
    'linear_num_key_heads',
    'layers_block_type',
    'hybrid_override_pattern',
    'full_attention_interval',
    'attn_layer_indices',
    'attn_layer_period',
    'block_configs',
    'num_key_value_heads_per_layer',
    'num_kv_shared_layers',
    'cla_share_factor',
    'index_topk',
  ].some((key) => key in config);
}
