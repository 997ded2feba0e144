/**
 * /proc/net/udp and udp6: a line per socket, `… 07 0000002A:00000180 …`, the bytes that wait to be sent
 * and to be received in hexadecimal in its fifth column. proc_net_udp(5).
 */
import type { Paths } from '../board/paths.ts';
import { NoData, SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { UDP_QUEUES } from '../catalog/host/udp-queues.ts';
import { readIfThere } from './present.ts';
import { contents, KernelFile, wholeLines } from './reader.ts';
import { scanEnd, scanHex } from './scan.ts';
import { endOfLine, skipColumns } from './walk.ts';

/** Number, local address, remote address and state stand before the queues. */
const COLUMNS_BEFORE = 4;

interface Table {
  readonly file: KernelFile;
  readonly ip: string;
  there: boolean;
  tx: number;
  rx: number;
}

/** What waits in the queues of all UDP sockets. NoData where neither file is there. */
export function udpQueues(paths: Paths): Source {
  const table = (name: string, ip: string): Table => ({
    file: new KernelFile(`${paths.procfs}/net/${name}`),
    ip,
    there: false,
    tx: 0,
    rx: 0,
  });
  const tables = [table('udp', 'v4'), table('udp6', 'v6')];
  return {
    name: 'udp_queues',
    collectors: ['udp_queues'],
    discover(draft) {
      for (const t of tables) {
        t.there = readIfThere(t.file) !== undefined;
        if (!t.there) continue;
        t.tx = draft.slot(UDP_QUEUES.queues, { queue: 'tx', ip: t.ip });
        t.rx = draft.slot(UDP_QUEUES.queues, { queue: 'rx', ip: t.ip });
      }
      if (!tables.some((t) => t.there)) {
        throw new NoData(`${tables.map((t) => t.file.path).join(', ')}: not there`);
      }
    },
    sample(values): SampleCode {
      for (let k = 0; k < tables.length; k++) {
        const t = tables[k] as Table;
        if (t.there) sum(t, values);
      }
      return SAMPLE.ok;
    },
    close() {
      for (const t of tables) t.file.close();
    },
  };
}

/** A line that cannot be read, or of which there is only half, makes both sums unknown; so does a missing head. */
function sum(table: Table, values: Float64Array): void {
  const length = table.file.read();
  const bytes = contents();
  let tx = length > 0 && wholeLines(length) === length ? 0 : Number.NaN;
  let rx = tx;
  for (let at = endOfLine(bytes, 0, length) + 1; at < length; ) {
    const end = endOfLine(bytes, at, length);
    tx += scanHex(bytes, skipColumns(bytes, at, end, COLUMNS_BEFORE), end);
    // Behind the colon.
    rx += scanHex(bytes, scanEnd() + 1, end);
    at = end + 1;
  }
  values[table.tx] = tx;
  values[table.rx] = rx;
}
