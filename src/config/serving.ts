/** Settings of model servers: those below `serving`, and what becomes of them. */
import { ENGINE_NAMES } from '../catalog/serving.ts';
import type { Block, BlockSetting } from './block.ts';
import type { Setting, Value } from './setting.ts';

export interface ServingConfig {
  readonly enabled: boolean;
  readonly discover: boolean;
  readonly discoverElsewhere: boolean;
  /** Milliseconds. */
  readonly interval: number;
  readonly instanceLabel: boolean;
  readonly gpuLabel: boolean;
  /** Valid by targetSchema and engineSchema. */
  readonly targets: readonly Block[];
  readonly engines: readonly Block[];
}

type Brief = Omit<Setting, 'path' | 'flag'>;

const setting = (key: string, rest: Brief): Setting => ({
  path: `serving.${key}`,
  flag: `serving.${key.replaceAll('_', '-')}`,
  ...rest,
});

export const SERVING_SETTINGS: readonly Setting[] = [
  setting('enabled', {
    kind: 'boolean',
    default: true,
    help: 'Ask model servers for their figures.',
  }),
  setting('discover', {
    kind: 'boolean',
    default: true,
    help: 'Find model servers that listen on the loopback address, by their processes.',
  }),
  setting('discover_elsewhere', {
    kind: 'boolean',
    default: false,
    help: "Ask those too that are found and listen on another address: one of this machine, or of a container's own network.",
  }),
  setting('interval', {
    kind: 'duration',
    default: 15_000,
    help: 'Time between two requests to a model server, while somebody scrapes.',
  }),
  setting('instance_label', {
    kind: 'boolean',
    default: false,
    help: 'Put the address of a model server into a label instance as well.',
  }),
  setting('gpu_label', {
    kind: 'boolean',
    default: false,
    help: 'Put the index of the GPU into a label gpu, for model servers that hold exactly one.',
  }),
];

export const SERVING_BLOCKS: readonly BlockSetting[] = [
  {
    path: 'serving.targets',
    help: `Model servers to ask besides those that are found. Engines: ${ENGINE_NAMES.join(', ')}.`,
    example: `- engine: vllm
  url: http://10.0.0.5:8000
  # basic_auth: {username: me, password_file: /etc/edgegauge/vllm.password}
  # bearer_token_file: /etc/edgegauge/vllm.token
  # headers: {X-Tenant: gauge}
  # tls: {ca_file: /etc/edgegauge/ca.pem}
  # model: of a server that does not say which it serves`,
  },
  {
    path: 'serving.engines',
    help: 'Engines that edgegauge does not know, or knows otherwise: docs/SERVING.md.',
    example: `- name: myengine
  paths: [/metrics]
  page: {any: [myengine_]}
  model: [model_name]
  signals:
    llm_queue_depth: [{gauge: {name: myengine_waiting}, reduce: sum}]
    llm_tokens_generated_total: [{counter: [{name: myengine_tokens_total}]}]`,
  },
];

/** `get` answers for a path. */
export function servingConfig(get: (path: string) => Value): ServingConfig {
  return {
    enabled: get('serving.enabled') as boolean,
    discover: get('serving.discover') as boolean,
    discoverElsewhere: get('serving.discover_elsewhere') as boolean,
    interval: get('serving.interval') as number,
    instanceLabel: get('serving.instance_label') as boolean,
    gpuLabel: get('serving.gpu_label') as boolean,
    targets: get('serving.targets') as readonly Block[],
    engines: get('serving.engines') as readonly Block[],
  };
}
