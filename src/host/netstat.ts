/**
 * IP statistics of the kernel: /proc/net/netstat and /proc/net/snmp (a line of names, then a line of
 * values, per protocol) and /proc/net/snmp6 (a line per field).
 * https://docs.kernel.org/networking/snmp_counter.html
 */
import type { Paths } from '../board/paths.ts';
import { NETSTAT_FIELDS, netstatSignal } from '../catalog/host/netstat.ts';
import { type FileSource, type FileSpec, fileSource } from './file-source.ts';

export interface NetstatOptions {
  /** Regular expression over `Protocol_Field`; default as in node_exporter. */
  readonly fields?: string;
}

/** Fields of the three files that the options select. NoData where none of the files is there. */
export function netstat(paths: Paths, options: NetstatOptions = {}): FileSource {
  const wanted = new RegExp(options.fields ?? NETSTAT_FIELDS);
  return fileSource({
    name: 'netstat',
    collectors: ['netstat'],
    files: [
      table(`${paths.procfs}/net/netstat`, wanted),
      table(`${paths.procfs}/net/snmp`, wanted),
      list(`${paths.procfs}/net/snmp6`, wanted),
    ],
  });
}

function table(path: string, wanted: RegExp): FileSpec {
  return {
    path,
    optional: true,
    shape({ tokens, at, lines }, program, draft) {
      const label = tokens[0];
      if (label === undefined) return;
      program.word(label);
      if (at % 2 === 0) {
        // A kernel's columns never change, except these: a type is listed once it has been seen.
        if (label === 'IcmpMsg:') for (const name of tokens.slice(1)) program.word(name);
        return;
      }
      const names = lines[at - 1] as readonly string[];
      if (names[0] !== label) return;
      for (const name of names.slice(1)) {
        const field = `${label.replace(/:$/, '')}_${name}`;
        if (wanted.test(field)) program.number(draft.slot(netstatSignal(field)));
        else program.skip();
      }
    },
  };
}

function list(path: string, wanted: RegExp): FileSpec {
  return {
    path,
    optional: true,
    shape({ tokens }, program, draft) {
      const label = tokens[0];
      if (label === undefined) return;
      program.word(label);
      // `Ip6InReceives`, `UdpLite6InErrors`: the protocol ends with the first 6.
      const six = label.indexOf('6') + 1;
      const field = `${label.slice(0, six)}_${label.slice(six)}`;
      if (six > 0 && wanted.test(field)) program.number(draft.slot(netstatSignal(field)));
    },
  };
}
