import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRIES, explainRights, type Rights, readRights } from './rights.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-rights-'));
afterAll(() => rmSync(directory, { recursive: true }));

let made = 0;

interface Process {
  readonly uid: number;
  /** Entries that there are, beside status. */
  readonly entries?: readonly string[];
  readonly cmdline?: string;
}

/** A /proc with these processes, and ourselves with these effective capabilities. */
function procfs(effective: string, processes: Readonly<Record<number, Process>>): string {
  const root = join(directory, String(made++));
  mkdirSync(join(root, 'self'), { recursive: true });
  writeFileSync(join(root, 'self/status'), `Name:\tme\nCapEff:\t${effective}\n`);
  for (const [pid, { uid, entries = [], cmdline = 'x' }] of Object.entries(processes)) {
    const at = (name: string): string => join(root, pid, name);
    mkdirSync(join(root, pid));
    writeFileSync(at('status'), `Name:\tx\nUid:\t${uid}\t0\t0\t0\n`);
    writeFileSync(at('cmdline'), cmdline);
    for (const name of entries) {
      if (name === 'fd') mkdirSync(at(name));
      else if (name === 'exe') symlinkSync('/bin/x', at(name));
      else writeFileSync(at(name), 'x');
    }
  }
  return root;
}

const NONE = '0000000000000000';

describe('readRights()', () => {
  test('tries a process of another user, with everything or with what there is', () => {
    const all = Object.keys(ENTRIES);
    const some = procfs(NONE, { 1: { uid: 0, entries: ['comm', 'cgroup'] }, 7: { uid: 1000 } });
    expect(readRights(some, 1000)).toMatchObject({
      tried: 1,
      readable: ['comm', 'cmdline', 'status', 'cgroup'],
      unreadable: ['fd', 'maps', 'environ', 'exe', 'io'],
      hidden: false,
    });
    const every = procfs(NONE, {
      1: { uid: 0, entries: all.filter((e) => e !== 'cmdline' && e !== 'status') },
    });
    expect(readRights(every, 1000)).toMatchObject({ readable: all, unreadable: [] });
  });

  test('passes over its own processes and over threads of the kernel', () => {
    const root = procfs(NONE, {
      1: { uid: 1000 },
      2: { uid: 0, cmdline: '' },
      10: { uid: 0 },
      9: { uid: 5 },
    });
    expect(readRights(root, 1000).tried).toBe(2);
    expect(readRights(procfs(NONE, { 1: { uid: 1000 } }), 1000)).toMatchObject({
      tried: 0,
      readable: [],
      unreadable: [],
    });
  });

  test('goes by what can be read of anybody: one process may be guarded more than others', () => {
    const root = procfs(NONE, { 1: { uid: 0 }, 8: { uid: 0, entries: ['fd', 'maps'] } });
    expect(readRights(root, 1000)).toMatchObject({
      tried: 2,
      readable: ['cmdline', 'status', 'fd', 'maps'],
    });
  });

  test.each([
    [NONE, []],
    ['0000000000080004', ['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE']],
    ['000001ffffffffff', ['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE']],
    ['0000000000000004', ['CAP_DAC_READ_SEARCH']],
  ])('reads of %s which capabilities are in effect', (effective, expected) => {
    expect(readRights(procfs(effective, {}), 0).capabilities).toEqual(expected);
  });

  test('knows when others are hidden, and when the service is not who asks', () => {
    const passwd = join(directory, 'passwd');
    writeFileSync(passwd, 'root:x:0:0::/:/bin/sh\nedgegauge:x:998:998::/:/bin/false\n');
    const root = procfs(NONE, { 50: { uid: 1000 } });
    expect(readRights(root, 1000, passwd)).toMatchObject({ hidden: true, serviceDiffers: false });
    expect(readRights(root, 0, passwd).serviceDiffers).toBe(true);
    expect(readRights(root, 0, '/nowhere').serviceDiffers).toBe(false);
  });
});

describe('explainRights()', () => {
  const rights = (more: Partial<Rights> = {}): string =>
    explainRights({
      capabilities: [],
      tried: 1,
      readable: ['comm', 'cgroup'],
      unreadable: ['fd', 'environ'],
      hidden: false,
      serviceDiffers: false,
      ...more,
    }).join('\n');

  test('says what can be read, what cannot, and what would help', () => {
    expect(rights()).toBe(`capabilities: none that matter
of other users' processes it reads: names (comm); containers (cgroup)
it cannot read: open files: which GPU, socket or model it holds (fd); environments: jobs, ranks, the GPUs it may see (environ)
  CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH let it: edgegauge install --attribution, or with the package /usr/share/edgegauge/attribution.conf`);
  });

  test('has no advice where everything can be read', () => {
    const text = rights({ unreadable: [], capabilities: ['CAP_SYS_PTRACE'] });
    expect(text).toStartWith('capabilities: CAP_SYS_PTRACE\n');
    expect(text).not.toContain('attribution');
  });

  test('says why it does not know', () => {
    expect(rights({ tried: 0, hidden: true })).toContain('hidepid');
    expect(rights({ tried: 0 })).toContain('no process of another user');
    expect(rights({ serviceDiffers: true })).toContain('sudo -u edgegauge edgegauge doctor');
  });
});
