import { expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { LLM_SERVER } from '../catalog/serving.ts';
import { servingFindings } from './serving-advice.ts';

function findings(labels: Record<string, string>, value = 1): string[] {
  const layout = new Layout(new Board());
  const draft = layout.draft('serving');
  layout.board.values[draft.slot(LLM_SERVER.trouble, labels)] = value;
  draft.commit();
  return servingFindings(layout);
}

const AT = { endpoint: '127.0.0.1:8080' };

test.each([
  [
    { engine: 'llamacpp', ...AT, reason: 'HTTP 501 at /metrics' },
    'llamacpp at 127.0.0.1:8080: HTTP 501 at /metrics. Start it with --metrics.',
  ],
  [
    { engine: 'nim', ...AT, reason: 'HTTP 401 at /metrics' },
    'nim at 127.0.0.1:8080: HTTP 401 at /metrics. Name it in serving.targets with its password or token.',
  ],
  [
    { engine: 'vllm', pid: '7', reason: 'port 8000 is in a network namespace of its own' },
    'vllm pid 7: port 8000 is in a network namespace of its own. Name it in serving.targets, or set serving.discover_elsewhere.',
  ],
  [
    { engine: 'vllm', pid: '7', reason: 'port 8000 is in a network namespace without an address' },
    'vllm pid 7: port 8000 is in a network namespace without an address. It is reached from inside alone: let it listen on an address of its own.',
  ],
  [
    { engine: 'vllm', ...AT, reason: 'connection refused' },
    'vllm at 127.0.0.1:8080: connection refused.',
  ],
  [{ ...AT, reason: 'no answer' }, 'a server at 127.0.0.1:8080: no answer.'],
])('%p', (labels, text) => {
  expect(findings(labels)).toEqual([text]);
});

test('a trouble that is over is not told', () => {
  expect(findings({ ...AT, reason: 'x' }, Number.NaN)).toEqual([]);
});
