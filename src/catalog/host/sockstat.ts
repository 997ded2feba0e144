import { type Row, type Signal, signal, signals } from '../signal.ts';

/** What the kernel says of a protocol's sockets, and in which words. */
const KEYS: Readonly<Record<string, (protocol: string) => string>> = {
  used: () => 'Sockets of every kind.',
  inuse: (p) =>
    p.startsWith('FRAG') ? `${p}: packets being put together.` : `${p} sockets in use.`,
  orphan: (p) => `${p} sockets that no process holds any more.`,
  tw: (p) => `${p} sockets in TIME_WAIT.`,
  alloc: (p) => `${p} sockets allocated, in whatever state.`,
  mem: (p) => `Memory pages that the buffers of all ${p} sockets take.`,
  memory: (p) => `${p}: bytes taken by packets being put together.`,
  mem_bytes: (p) => `Bytes that the buffers of all ${p} sockets take.`,
};

const row = (protocol: string, key: string): Readonly<Record<string, Row>> => ({
  [`${protocol}_${key}`]: {
    type: 'gauge',
    unit: key === 'mem_bytes' || key === 'memory' ? 'bytes' : '',
    help: (KEYS[key] ?? ((p: string) => `${p}: ${key}.`))(protocol),
    node: `node_sockstat_${protocol.replace(/[^a-zA-Z0-9_]/g, '_')}_${key}`,
  },
});

/** /proc/net/sockstat and /proc/net/sockstat6 */
export const SOCKSTAT = signals('sockstat', {
  ...row('sockets', 'used'),
  ...row('TCP', 'inuse'),
  ...row('TCP', 'orphan'),
  ...row('TCP', 'tw'),
  ...row('TCP', 'alloc'),
  ...row('TCP', 'mem'),
  ...row('TCP', 'mem_bytes'),
  ...row('UDP', 'inuse'),
  ...row('UDP', 'mem'),
  ...row('UDP', 'mem_bytes'),
  ...row('UDPLITE', 'inuse'),
  ...row('RAW', 'inuse'),
  ...row('FRAG', 'inuse'),
  ...row('FRAG', 'memory'),
  ...row('TCP6', 'inuse'),
  ...row('UDP6', 'inuse'),
  ...row('UDPLITE6', 'inuse'),
  ...row('RAW6', 'inuse'),
  ...row('FRAG6', 'inuse'),
  ...row('FRAG6', 'memory'),
});

/** The signal of one key of one protocol; undefined for a key that has no name in node_exporter. */
export function sockstatSignal(protocol: string, key: string): Signal | undefined {
  if (!Object.hasOwn(KEYS, key)) return undefined;
  const name = `${protocol}_${key}`;
  return SOCKSTAT[name] ?? signal('sockstat', name, row(protocol, key)[name] as Row);
}
