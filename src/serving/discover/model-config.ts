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
  /** Path or name in the cache of Hugging Face's hub. */
  readonly model: string | undefined;
  readonly guard: Guard;
}

/** Undefined where it is not known. The files may lie on a mount that does not answer: the guard is asked first. */
export function cacheBytesPerToken(files: ModelFiles): number | undefined {
  const { guard, command } = files;
  const model = flagValue(command, ['--model', '--model-path']) ?? files.model;
  if (model === undefined || !guard.enter(`model ${model}`)) return undefined;
  try {
    const config = readConfig(files, model);
    return config === undefined ? undefined : bytesPerToken(config, flagValue(command, CACHE_TYPE));
  } finally {
    guard.leave();
  }
}

const CACHE_TYPE = ['--kv-cache-dtype'];

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

const SIZES: Readonly<Record<string, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  fp8: 1,
  fp8_e4m3: 1,
  fp8_e5m2: 1,
};

/** Keys of config.json as Hugging Face's transformers writes them. */
export function bytesPerToken(config: Json, cacheType = 'auto'): number | undefined {
  const number = (key: string): number | undefined => {
    const value = config[key];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const type = cacheType === 'auto' ? (config['dtype'] ?? config['torch_dtype']) : cacheType;
  const size = typeof type === 'string' ? SIZES[type] : undefined;
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
  ].some((key) => key in config);
}
