/** Every engine that is known without a configuration. The order is that in which pages are recognised. */
import { dynamo } from './dynamo.ts';
import type { Engine } from './engine.ts';
import { kserve } from './kserve.ts';
import { llamacpp } from './llamacpp.ts';
import { lmdeploy } from './lmdeploy.ts';
import { nim } from './nim.ts';
import { ollama } from './ollama.ts';
import { ray } from './ray.ts';
import { sglang } from './sglang.ts';
import { tfserving } from './tfserving.ts';
import { tgi } from './tgi.ts';
import { torchserve } from './torchserve.ts';
import { triton } from './triton.ts';
import { trtllm, trtllmUnprefixed } from './trtllm.ts';
import { vllm } from './vllm.ts';

export const ENGINES: readonly Engine[] = [
  vllm,
  sglang,
  tgi,
  triton,
  trtllm,
  trtllmUnprefixed,
  nim,
  lmdeploy,
  llamacpp,
  ollama,
  tfserving,
  torchserve,
  kserve,
  ray,
  dynamo,
];
