import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { LLM } from '../catalog/serving.ts';
import { ENGINES } from '../serving/engines/index.ts';
import { buildConfig } from './config.ts';
import { ConfigError } from './error.ts';
import { parseConfig } from './loader.ts';

function problems(text: string): readonly string[] {
  try {
    parseConfig(text, 'x.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const target = (block: string): string => `serving:\n  targets:\n    - ${block}\n`;
const GOOD = '{engine: vllm, url: "http://10.0.0.5:8000"}';

test('a target is read as it stands', () => {
  const text = `serving:
  interval: 30s
  targets:
    - engine: vllm
      url: https://10.0.0.5:8000
      headers: {X-Tenant: gauge}
      basic_auth: {username: me, password_file: /etc/pw}
      tls: {ca_file: /etc/ca.pem, server_name: llm}
      model: acme
    - url: http://10.0.0.6:9000/stats
`;
  const { serving } = buildConfig(parseConfig(text, 'x'));
  expect(serving.interval).toBe(30_000);
  expect(serving.targets).toEqual([
    {
      engine: 'vllm',
      url: 'https://10.0.0.5:8000',
      headers: { 'X-Tenant': 'gauge' },
      basic_auth: { username: 'me', password_file: '/etc/pw' },
      tls: { ca_file: '/etc/ca.pem', server_name: 'llm' },
      model: 'acme',
    },
    { url: 'http://10.0.0.6:9000/stats' },
  ]);
});

describe('a target that is wrong is told with its place, and what was meant', () => {
  test.each([
    [
      '{engine: vlm, url: "http://h:1"}',
      '3:16: serving.targets[0].engine: no engine is called "vlm"; did you mean "vllm"?',
    ],
    [
      '{engine: zzzzzzzz, url: "http://h:1"}',
      '3:16: serving.targets[0].engine: no engine is called "zzzzzzzz"; known: vllm, sglang, ',
    ],
    ['{engine: vllm}', '3:7: serving.targets[0].url: is missing'],
    ['{engine: vllm, url: 5}', '3:27: serving.targets[0].url: expected a text, got a number'],
    ['{engine: vllm, url: "ftp://h"}', 'serving.targets[0].url: it is no http or https URL'],
    ['{engine: vllm, url: "http://h:99999"}', 'serving.targets[0].url: it is no http or https URL'],
    [
      '{engine: vllm, url: "http://me:word@h"}',
      'serving.targets[0].url: it holds a user or a password: those belong into basic_auth',
    ],
    ['{url: "http://h:1"}', 'serving.targets[0]: it needs an engine, or a path in its url'],
    [
      '{engine: vllm, url: "http://h", modle: x}',
      '3:46: serving.targets[0].modle: is no key of it; did you mean "model"?',
    ],
    [
      '{engine: vllm, url: "http://h", basic_auth: {username: a}, bearer_token_file: /x}',
      'it has basic_auth and bearer_token_file: one of them',
    ],
    [
      '{engine: vllm, url: "http://h", basic_auth: {username: a, password: b, password_file: /x}}',
      '.basic_auth: it has password and password_file: one of them',
    ],
    ['{engine: vllm, url: "http://h", bearer_token_file: x}', 'it is no absolute path'],
    [
      '{engine: vllm, url: "http://h", tls: {ca_file: /x}}',
      'serving.targets[0]: it has tls, and its url is http',
    ],
    [
      '{engine: vllm, url: "https://h", tls: {cert_file: /x}}',
      '.tls: it has one of cert_file and key_file: both belong together',
    ],
    [
      '{engine: vllm, url: "http://h", headers: {X-A: "a\\nb"}}',
      '.headers: one of them holds what no header may hold',
    ],
    [
      `${GOOD}\n    - {engine: tgi, url: "http://10.0.0.5:8000/x"}`,
      '4:26: serving.targets[1].url: it is the server of [0] again',
    ],
    ['5', '3:7: serving.targets[0]: expected keys and values, got a number'],
  ])('%s', (block, problem) => {
    expect(problems(target(block)).join('\n')).toContain(problem);
  });

  test('the list itself', () => {
    expect(problems('serving: {targets: {}}')).toEqual([
      'x.yaml:1:20: serving.targets: expected a list, got keys and values',
    ]);
  });
});

const engine = (rest: string): string => `serving:
  engines:
    - name: mine
      paths: [/metrics]
      page: {any: [mine_]}
${rest}`;
const signals = (rules: string): string => engine(`      signals:\n        ${rules}\n`);

describe('an engine of the file', () => {
  test('may be named by a target, built-in ones stay', () => {
    const text = `${signals('llm_queue_depth: [{gauge: {name: mine_w}, reduce: sum}]')}
  targets:
    - {engine: mine, url: "http://h:1"}
    - {engine: vllm, url: "http://h:2"}
`;
    const { engines } = buildConfig(parseConfig(text, 'x')).serving;
    expect(engines).toEqual([
      {
        name: 'mine',
        title: 'mine',
        paths: ['/metrics'],
        page: { any: ['mine_'] },
        model: [],
        signals: { queue: [{ gauge: { name: 'mine_w' }, reduce: 'sum' }] },
      },
    ]);
  });

  test.each([
    [
      'llm_queue_deph: []',
      '7:25: serving.engines[0].signals.llm_queue_deph: is no key of it; did you mean "llm_queue_depth"?',
    ],
    [
      'llm_queue_depth: [{counter: [{name: a}]}]',
      '.llm_queue_depth[0]: it has none of gauge, product, ratio, mean: a gauge is one of those',
    ],
    [
      'llm_tokens_generated_total: [{gauge: {name: a}, reduce: sum}]',
      '.llm_tokens_generated_total[0]: it has none of counter',
    ],
    [
      'llm_request_duration_seconds: [{counter: [{name: a}]}]',
      '.llm_request_duration_seconds[0]: it has none of histogram, sum',
    ],
    [
      'llm_request_total: [{counter: [{name: a}]}]',
      '.llm_request_total[0].counter[0].labels: is missing',
    ],
    [
      'llm_request_total: [{counter: [{name: a, labels: {state: x}}]}]',
      '.llm_request_total[0].counter[0].labels.status: is missing',
    ],
    [
      'llm_queue_depth: [{gauge: {name: a, labels: {"a b": x}}, reduce: sum}]',
      '.llm_queue_depth[0].gauge.labels: is no key of it',
    ],
    [
      'llm_queue_depth: [{gauge: {name: a}, reduce: avg}]',
      '.llm_queue_depth[0].reduce: it is none of sum, mean and max',
    ],
    [
      'llm_queue_depth: [{gauge: {name: a}, reduce: sum, versions: "~1"}]',
      '.llm_queue_depth[0].versions: it is no range such as ">=0.9 <0.11"',
    ],
    [
      'llm_tokens_generated_total: [{counter: []}]',
      '.llm_tokens_generated_total[0].counter: it is empty',
    ],
  ])('with the rule %s is refused', (rule, problem) => {
    expect(problems(signals(rule)).join('\n')).toContain(problem);
  });

  test.each([
    [
      '      process: {command: ["("], port: 0}\n',
      '.process.command[0]: it is no regular expression',
    ],
    ['      process: {command: [a], port: 0}\n', '.process.port: it is no port from 1 to 65535'],
    ['      model: x\n', '.model: expected a list, got a text'],
  ])('with %j is refused', (rest, problem) => {
    expect(problems(engine(`${rest}      signals: {}\n`)).join('\n')).toContain(problem);
  });

  test('may repeat itself by anchors, as long as that does not explode', () => {
    const text = signals(
      'llm_queue_depth: &q [{gauge: {name: a}, reduce: sum}]\n        llm_batch_size: *q',
    );
    const { engines } = buildConfig(parseConfig(text, 'x')).serving;
    expect(engines[0]?.['signals']).toMatchObject({ batch: [{ reduce: 'sum' }] });
    const levels = Array.from({ length: 20 }, (_, i) => `&l${i + 1} [${`*l${i},`.repeat(9)}]`);
    const bomb = `serving: {engines: [&l0 [a, a], ${levels.join(', ')}]}`;
    expect(problems(bomb)[0]).toMatch(/^x\.yaml:1:20: serving\.engines: Excessive alias count/);
  });

  test('is there once', () => {
    const one = 'name: mine, paths: [/m], page: {any: [m]}, signals: {}';
    expect(problems(`serving: {engines: [{${one}}, {${one}}]}`)).toEqual([
      'x.yaml:1:86: serving.engines[1].name: it is the name of [0] too',
    ]);
  });
});

const nativeNames = new Map(
  Object.entries(LLM).map(([key, { dialects }]) => [key, dialects.native?.name]),
);
const snake = (record: object): object =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      value,
    ]),
  );

test('whatever stands below serving is read, or refused with its place', () => {
  const key = fc.constantFrom(
    ...['name', 'paths', 'page', 'signals', 'process', 'url', 'engine', 'tls', 'headers', 'any'],
    ...['llm_queue_depth', 'llm_request_total', 'counter', 'gauge', 'reduce', 'labels', 'x'],
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>('a', '/m', 'http://h:1', 'vllm', '(', '', 5, -1, null, true),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(fc.constantFrom('targets', 'engines'), tree, (list, value) => {
      const text = stringify({ serving: { [list]: value } }, { aliasDuplicateObjects: false });
      for (const problem of problems(text)) expect(problem).toMatch(/^x\.yaml:\d+:\d+: serving/);
    }),
    { numRuns: 500 },
  );
});

test('every engine that is built in could stand in the file as it is', () => {
  const name = (key: string): string => nativeNames.get(key) ?? key;
  for (const { process, signals: rules, notes, ...rest } of ENGINES) {
    // The port of Ray's agent stands in its command line alone.
    const port = process === undefined || process.port === 0 ? undefined : process;
    const block = {
      ...rest,
      ...(notes === undefined ? {} : { notes }),
      ...(port === undefined ? {} : { process: snake(port) }),
      signals: Object.fromEntries(Object.entries(rules).map(([key, r]) => [name(key), r])),
    };
    const text = stringify({ serving: { engines: [block] } });
    const [read] = buildConfig(parseConfig(text, 'x')).serving.engines;
    expect(read?.['signals']).toEqual(JSON.parse(JSON.stringify(rules)));
    expect(read?.['process']).toEqual(port);
  }
});
