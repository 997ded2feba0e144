/** docs/SERVING.md: which engine says what, from the table of engines. */
import { LLM } from '../src/catalog/serving.ts';
import { type Engine, MAPPED, type Mapped, type Rule } from '../src/serving/engines/engine.ts';
import { ENGINES } from '../src/serving/engines/index.ts';
import { picksOf } from '../src/serving/mapping/collect.ts';

const HEAD = `# Model servers

Made from \`src/serving/engines\` by \`make docs\`.

edgegauge finds the model servers of its machine, asks them on their own path, and says what they say in one vocabulary: \`llm_*\`. What an engine does not say is absent. Names, types and labels are in METRICS.md.

ONNX Runtime is a library and has no page: processes that use it are in \`gpu_process_info{framework="onnxruntime"}\` with their GPU's figures, and its models have all of Triton's where Triton or KServe serves them.
`;

const OWN = `## An engine of your own

A block of \`serving.engines\` has the shape of the table that this page is made of. One with the name of an engine above takes its place.

\`\`\`yaml
serving:
  engines:
    - name: acme                        # label engine
      paths: [/stats]                   # where its page is; nothing else is asked
      page: {any: [acme_]}              # how samples on it begin; none: [...] what it must not have
      model: [model_name]               # labels in which the model stands
      info: [{path: /about, version: [build.version], model: [model.id]}]
      repeats: [tp_rank]                # labels of ranks that repeat the same figure
      process:                          # to be found by itself
        command: ['(^|/)acme-server( |$)']
        port_flags: [--port]
        port: 8000
        model_flags: [--model]          # where its model stands; model_after: [serve] for "acme serve MODEL"
        workers: ['^acme::']            # its children on GPUs; launcher: [...] of a parent that starts both
      signals:
        llm_queue_depth:
          - {gauge: {name: acme_waiting}, reduce: sum}
        llm_request_total:
          - counter:
              - {name: acme_done_total, labels: {status: {from: how, map: {fine: success}}}}
        llm_request_duration_seconds:
          - {histogram: acme_duration_ms, scale: 0.001}
  targets:
    - {engine: acme, url: 'http://10.0.0.7:8000'}
\`\`\`

Of several rules of a signal the first counts that the page has anything of, for each model; \`versions: ">=0.9 <0.11"\` limits one to versions of the engine. What is left of labels is added up, or averaged where a sum has no meaning.

| signal | rule |
|---|---|
| counter | \`counter: [PICK, …]\`: their sum |
| gauge | \`gauge: PICK\`, with \`plus: [PICK, …]\` what is added where it is there; \`product: [PICK, PICK]\`; both with \`reduce\`: sum, mean or max over ranks. \`each: true\`: ranks in \`repeats\` have each their own |
| gauge | \`ratio: [PICK, PICK]\`: what the first is of the second, both added over ranks |
| gauge | \`mean: [PICK, PICK]\`: growth of the first by that of the second |
| histogram | \`histogram: NAME\` with \`where\` and \`scale\` (to seconds); \`sum: PICK\` and \`count: [PICK, …]\` where there are no buckets |

A PICK is \`{name, where: {LABEL: TEXT or [TEXT, …]}, scale}\`; \`label: [LABEL, …]\` takes the number out of labels. Counters of requests also have \`labels: {status: …}\`, those of why they ended \`labels: {finish_reason: …}\`: a text, or a label of the page with a table of what its values (in lower case) are called here. In names \`:\` and \`_\` are alike.

A GPU and its energy are a server's where its process, or one that descends from it, is on that GPU. \`launcher\` makes that the parent's family, where a parent starts workers beside the server; with \`mixed: true\` only those count that \`workers\` matches, and what they start, as the descendants do other work too. \`guests: [vllm]\` names engines that it may run inside, with pages of theirs.
`;

const nameOf = (signal: Mapped): string => LLM[signal].dialects.native?.name ?? signal;
const code = (text: string): string => `\`${text}\``;

export function servingPage(): string {
  return [HEAD, matrix(), ...ENGINES.map(chapter), OWN].join('\n');
}

/** yes; ~ where a rule has a note; - where there is none. */
function matrix(): string {
  const mark = (rules: readonly Rule[] | undefined): string => {
    if (rules === undefined || rules.length === 0) return '-';
    return rules.every((rule) => rule.note !== undefined) ? '~' : 'yes';
  };
  const rows = MAPPED.map(
    (signal) =>
      `| ${code(nameOf(signal))} | ${ENGINES.map((e) => mark(derived(e, signal) ?? e.signals[signal])).join(' | ')} |`,
  );
  const names = ENGINES.map((e) => (e.process === undefined ? `${e.name} (old)` : e.name));
  return [
    '## Who says what',
    '',
    '`~`: not quite what the name says; the note below says how.',
    '',
    `| | ${names.join(' | ')} |`,
    `|---|${ENGINES.map(() => '---').join('|')}|`,
    ...rows,
    '',
  ].join('\n');
}

/** What edgegauge itself makes of other figures. */
function derived(engine: Engine, signal: Mapped): readonly Rule[] | undefined {
  const { signals } = engine;
  if (signals[signal] !== undefined) return undefined;
  const note: Rule = { counter: [], note: 'derived' };
  if (signal === 'tokensPerSecond' && signals.generated !== undefined) return [note];
  if (signal === 'cacheCapacityBytes' && signals.cacheCapacityTokens !== undefined) return [note];
  const capacity = signals.cacheCapacityTokens ?? signals.cacheCapacityBytes;
  if (signal === 'cacheUsageBytes' && signals.cacheUsage !== undefined && capacity !== undefined) {
    return [note];
  }
  return undefined;
}

function chapter(engine: Engine): string {
  const { name, title, paths, process, notes = [] } = engine;
  const port = process?.metricsPort ?? process?.port;
  const rows = MAPPED.flatMap((signal) =>
    (engine.signals[signal] ?? []).map(
      (rule) =>
        `| ${code(nameOf(signal))} | ${sources(rule)} | ${[rule.versions, rule.note].filter(Boolean).join('; ')} |`,
    ),
  );
  return [
    `## ${title}`,
    '',
    `\`engine="${name}"\`, asked at ${paths.map(code).join(' or ')}${port ? ` of port ${port} unless its command line says another` : ''}.`,
    '',
    '| signal | from | note |',
    '|---|---|---|',
    ...rows,
    '',
    ...notes.map((note) => `- ${note}`),
    notes.length > 0 ? '' : undefined,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function sources(rule: Rule): string {
  const names = picksOf(rule)?.map(({ name, label, where }) => {
    const of = label === undefined ? '' : ` (labels ${label.join(' × ')})`;
    const only = Object.entries(where ?? {}).map(([k, v]) => `${k}="${v}"`);
    return `${code(only.length === 0 ? name : `${name}{${only.join(',')}}`)}${of}`;
  });
  const how =
    'product' in rule ? ' × ' : 'ratio' in rule || 'mean' in rule || 'sum' in rule ? ' / ' : ' + ';
  return names?.join(how) ?? code((rule as { histogram: string }).histogram);
}
