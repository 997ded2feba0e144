import { describe, expect, test } from 'bun:test';
import type { ProcessPrint } from '../engines/engine.ts';
import { ENGINES } from '../engines/index.ts';
import { Fingerprints, filesOf, flagValue, modelOf, portOf } from './fingerprint.ts';

const prints = new Fingerprints(ENGINES);
const engineOf = (line: string) =>
  prints.engineOf({ pid: 1, parent: 0, startTime: 0, command: line.split(' ') })?.name;

test.each([
  ['/usr/bin/python3 /usr/local/bin/vllm serve Qwen/Qwen3-8B --port 8001', 'vllm'],
  ['python -m vllm.entrypoints.openai.api_server --model m', 'vllm'],
  ['/venv/bin/python -m sglang.launch_server --model-path m', 'sglang'],
  ['text-generation-router --port 80', 'tgi'],
  ['/opt/tritonserver/bin/tritonserver --model-repository=/models', 'triton'],
  ['/usr/bin/python3 /usr/local/bin/trtllm-serve Qwen/Qwen3-8B', 'trtllm'],
  ['/usr/bin/python3 /usr/bin/lmdeploy serve api_server m', 'lmdeploy'],
  ['./llama-server -m m.gguf --metrics', 'llamacpp'],
  ['/usr/local/bin/ollama serve', 'ollama'],
  ['/usr/bin/tensorflow_model_server --rest_api_port=8501', 'tfserving'],
  ['java -Xmx8g -cp /ts org.pytorch.serve.ModelServer --python /usr/bin/python', 'torchserve'],
  ['python -m dynamo.frontend --http-port 8000', 'dynamo'],
])('%s is %s', (line, name) => {
  expect(engineOf(line)).toBe(name);
});

test.each([
  'bash -c vllm serve m',
  'grep -r llama-server',
  'docker run x vllm serve m',
  'ssh node ollama serve',
  'srun --gpus 1 vllm serve m',
  'pgrep -f vllm serve',
  'vim vllm/entrypoints/openai/api_server.py',
  'ollama runner --model m --port 40123',
  'python train.py --framework vllm',
  'llama-server-watcher',
])('%s is no model server', (line) => {
  expect(engineOf(line)).toBeUndefined();
});

describe('flags', () => {
  test.each([
    [['a', '--port', '81'], '81'],
    [['a', '--port=82'], '82'],
    [['a --port 83 b'], '83'],
    [['a', '--ported', '84'], undefined],
    [['a', '--port'], undefined],
  ])('%p: %p', (command, value) => {
    expect(flagValue(command, ['--port'])).toBe(value);
  });

  const print = { command: [], portFlags: ['--port'], port: 8000 };
  test('a port that is none is the default', () => {
    expect(portOf(['a', '--port', 'x'], print)).toEqual({ port: 8000, said: false });
    expect(portOf(['a', '--port', '99999'], print)).toEqual({ port: 8000, said: false });
    expect(portOf(['a', '--port', '81'], print)).toEqual({ port: 81, said: true });
  });
  test('figures on a port of their own have its flags alone', () => {
    const own = { ...print, metricsPortFlags: ['--metrics-port'], metricsPort: 8002 };
    expect(portOf(['a', '--port', '81'], own)).toEqual({ port: 8002, said: false });
    expect(portOf(['a', '--metrics-port=82'], own)).toEqual({ port: 82, said: true });
    expect(portOf(['a', '--port', '81'], { ...print, metricsPort: 8082 })).toEqual({
      port: 8082,
      said: false,
    });
  });
  test('the model stands behind its flag or behind serve', () => {
    const models = { ...print, modelFlags: ['--model'], modelAfter: ['serve'] };
    expect(modelOf(['vllm', 'serve', 'a/b', '--port', '1'], models)).toBe('a/b');
    expect(modelOf(['vllm', 'serve', '--model', 'c'], models)).toBe('c');
    expect(modelOf(['vllm', 'serve', '--port', '1'], models)).toBeUndefined();
    expect(modelOf(['vllm'], models)).toBeUndefined();
  });
  test.each([
    ['vllm', 'vllm serve a/b --served-model-name chat', 'chat', 'a/b'],
    ['lmdeploy', '/usr/bin/lmdeploy serve api_server a/b', 'a/b', 'a/b'],
    ['trtllm', '/usr/local/bin/trtllm-serve a/b --port 1', 'a/b', 'a/b'],
    ['trtllm', 'trtllm-serve serve a/b', 'a/b', 'a/b'],
    ['ollama', '/usr/bin/ollama serve', undefined, undefined],
  ])('%s: %s', (name, line, model, files) => {
    const own = ENGINES.find((e) => e.name === name)?.process as ProcessPrint;
    expect(modelOf(line.split(' '), own)).toBe(model);
    expect(filesOf(line.split(' '), own)).toBe(files);
  });
});

describe('what a process works for', () => {
  const worksFor = (...lines: string[]) => {
    const table = new Map(
      lines.map((line, i) => [
        i + 1,
        { pid: i + 1, parent: i, startTime: 0, command: line.split(' ') },
      ]),
    );
    return prints.worksFor(lines.length, table)?.name;
  };
  test.each([
    ['its title', ['VLLM::EngineCore'], 'vllm'],
    ['the title of the one above it', ['sglang::scheduler_TP0', 'python3 -c x'], 'sglang'],
    ['the command line of its server', ['tritonserver', 'python3 model.py'], 'triton'],
    [
      'a shell that names a server is none',
      ['bash -c vllm serve m', 'python3 train.py'],
      undefined,
    ],
    ['a worker of Dynamo', ['python3 -m dynamo.vllm --model m'], 'dynamo'],
    ['a replica below Ray', ['raylet --metrics-agent-port=1', 'ray::ServeReplica:app'], 'ray'],
    ['training below Ray', ['raylet --metrics-agent-port=1', 'ray::RayTrainWorker'], undefined],
    ['nothing', ['python3 train.py'], undefined],
  ])('%s', (_, lines, name) => {
    expect(worksFor(...lines)).toBe(name);
  });
  test('a table with a circle is not followed for ever', () => {
    const command = ['a'];
    const one = { pid: 1, parent: 2, startTime: 0, command };
    const two = { pid: 2, parent: 1, startTime: 0, command };
    expect(
      prints.worksFor(
        1,
        new Map([
          [1, one],
          [2, two],
        ]),
      ),
    ).toBeUndefined();
  });
});
