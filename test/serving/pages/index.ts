/** Every page, with the way in which its engine serves it. */
import {
  dynamo,
  dynamoWorker,
  kserve,
  llamacpp,
  sglang04,
  sglang05,
  tfserving,
  tgi,
  torchserve,
} from './engines.ts';
import { tensorrtInTriton, triton, tritonHistograms } from './triton.ts';
import { lmdeploy, nim, ray, trtllm, vllm010, vllm026, vllmInTriton, vllmV0 } from './vllm.ts';

export interface EnginePage {
  /** Name of the golden files. */
  readonly name: string;
  /** As a target is configured. */
  readonly engine: string;
  /** Where the figures are. */
  readonly path: string;
  /** What is there when it was asked `step` times before. */
  readonly body: (step: number) => string;
  readonly type?: string;
  /** JSON at other paths. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

const PYTHON_TYPE = 'text/plain; version=1.0.0; charset=utf-8';

const metrics = (
  name: string,
  engine: string,
  body: (step: number) => string,
  facts: EnginePage['facts'] = {},
): EnginePage => ({ name, engine, path: '/metrics', body, facts });

const version = (v: string) => ({ '/version': { version: v } });

export const PAGES: readonly EnginePage[] = [
  metrics('vllm-0.5', 'vllm', vllmV0, version('0.5.5')),
  metrics('vllm-0.10', 'vllm', vllm010, version('0.10.1.dev3+g0123456')),
  metrics('vllm-0.26-dp2', 'vllm', vllm026, version('0.26.0')),
  metrics('sglang-0.4', 'sglang', sglang04),
  metrics('sglang-0.5-tp2-dp2', 'sglang', sglang05),
  metrics('tgi-3', 'tgi', tgi, { '/info': { model_id: 'acme/tgi-7b', version: '3.3.6' } }),
  metrics(
    'triton-core',
    'triton',
    (step) => triton(['densenet', 'chat'], step) + tritonHistograms(),
  ),
  metrics(
    'triton-trtllm',
    'triton',
    (step) => triton(['tensorrt_llm'], step, true) + tensorrtInTriton(),
  ),
  metrics('triton-vllm', 'triton', (step) => triton(['densenet', 'chat'], step) + vllmInTriton()),
  {
    ...metrics('trtllm-1.1', 'trtllm', () => trtllm('1.1'), version('1.1.0')),
    path: '/prometheus/metrics',
  },
  {
    ...metrics('trtllm-1.3', 'trtllm', () => trtllm('1.3'), version('1.3.0rc29')),
    path: '/prometheus/metrics',
  },
  {
    ...metrics('nim-1', 'nim', nim, { '/v1/version': { release: '1.8.3', api: '1.8' } }),
    path: '/v1/metrics',
  },
  metrics('nim-vllm', 'nim', vllm010),
  metrics('lmdeploy', 'lmdeploy', lmdeploy),
  metrics('llamacpp', 'llamacpp', () => llamacpp(false), {
    '/props': { model_alias: 'acme-1b', build_info: 'b6000-0123abc' },
  }),
  metrics('llamacpp-windows', 'llamacpp', () => llamacpp(true), {
    '/v1/models': { data: [{ id: 'C:\\models\\acme.gguf' }] },
  }),
  {
    name: 'ollama',
    engine: 'ollama',
    path: '/api/ps',
    type: 'application/json; charset=utf-8',
    body: () =>
      JSON.stringify({
        models: [
          {
            name: 'acme:latest',
            model: 'acme:latest',
            size: 6e9,
            size_vram: 5e9,
            context_length: 4096,
          },
          { name: 'embed:v1', size: 3e8, size_vram: 0, expires_at: '2026-01-02T03:04:05Z' },
        ],
      }),
    facts: { '/api/version': { version: '0.12.3' } },
  },
  { ...metrics('tfserving-2', 'tfserving', tfserving), path: '/monitoring/prometheus/metrics' },
  metrics('torchserve', 'torchserve', torchserve),
  metrics('kserve', 'kserve', kserve),
  metrics('kserve-vllm', 'kserve', () => kserve() + vllm026()),
  metrics('ray-colon', 'ray', () => ray(':')),
  metrics('ray-underscore', 'ray', () => ray('_')),
  metrics('dynamo-frontend', 'dynamo', dynamo),
  metrics('dynamo-worker', 'vllm', () => dynamoWorker() + vllm026()),
].map((page) => ({ type: PYTHON_TYPE, ...page }));
