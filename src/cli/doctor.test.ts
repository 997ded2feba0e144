import { describe, expect, test } from 'bun:test';
import { arch, hostname, release } from 'node:os';
import type { SourceReport } from '../board/registry.ts';
import type { ProbeStatus } from '../probe/options.ts';
import { diagnose, report } from './doctor.ts';
import type { Status } from './status.ts';

const source = (name: string, more: Partial<SourceReport> = {}): SourceReport => ({
  name,
  collectors: [name],
  status: 'ok',
  error: undefined,
  durationSeconds: 0.001,
  lastSuccess: 1000,
  ...more,
});

const probe = (more: Partial<ProbeStatus> = {}): ProbeStatus => ({
  kind: 'sensors',
  state: 'running',
  pid: 42,
  restarts: {},
  since: 1000,
  lastError: undefined,
  sampleAgeSeconds: 0.5,
  skipped: [],
  stuck: [],
  sources: [],
  ...more,
});

const status = (more: Partial<Status> = {}): Status => ({
  version: '1.2.3',
  revision: 'abc',
  uptimeSeconds: 1,
  ready: true,
  dialects: ['native'],
  series: 321,
  sources: [],
  probes: [],
  ...more,
});

const printed = (more: Partial<Status>): string => report(diagnose(status(more)));

describe('diagnose()', () => {
  test('has a finding per source, whichever process reads it, with reason and advice', () => {
    const absent = source('hwmon', { status: 'absent', error: 'no chip' });
    const { findings, series } = diagnose(
      status({
        sources: [source('stat', { collectors: ['cpu', 'stat'] })],
        probes: [probe({ sources: [absent] })],
      }),
    );
    expect(series).toBe(321);
    expect(findings).toEqual([
      {
        source: 'stat',
        collectors: ['cpu', 'stat'],
        status: 'ok',
        reason: undefined,
        advice: undefined,
      },
      {
        source: 'hwmon',
        collectors: ['hwmon'],
        status: 'absent',
        reason: 'no chip',
        advice: expect.stringContaining('coretemp'),
      },
    ]);
  });

  test('says which machine it is and who asks', () => {
    const { machine, user } = diagnose(status());
    expect(machine).toEqual({ hostname: hostname(), kernel: release(), arch: arch() });
    expect(user).toBe(process.getuid?.());
  });

  test('is the same as JSON as it is in memory, but for what is not known', () => {
    const found = diagnose(status({ sources: [source('stat')], probes: [probe()] }));
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});

describe('report()', () => {
  const sources = [
    source('stat'),
    source('conntrack', { status: 'absent', error: 'nf_conntrack: not there' }),
    source('meminfo'),
    source('rapl', { status: 'failed', error: 'EACCES: permission denied' }),
    source('timex', { status: 'failed', error: undefined }),
    source('arp', { status: 'new' }),
  ];

  test('starts with what is wrong and ends with what works, each with its reason and what to do', () => {
    const lines = printed({ sources }).split('\n');
    const uid = process.getuid?.();
    expect(lines[0]).toBe(
      `${hostname()}: Linux ${release()}, ${arch()}, run as uid ${uid}; 321 series`,
    );
    expect(lines.filter((line) => /^\S.*:$/.test(line))).toEqual([
      'Failed:',
      'Not on this machine:',
      'Not sampled yet:',
      'Found:',
      'Probes:',
    ]);
    const text = lines.join('\n');
    expect(text).toContain('Failed:\n  rapl: EACCES: permission denied\n    The user that runs');
    expect(text).toMatch(/\n {2}timex: no reason is known\n {4}.*--no-collector\.timex/);
    expect(text).toContain('Not on this machine:\n  conntrack: nf_conntrack: not there\n    Load');
    expect(text).toContain('Found:\n  stat, meminfo\n');
  });

  test('leaves out what there is none of', () => {
    const text = printed({ sources: [source('stat')] });
    expect(text).not.toMatch(/Failed|Not on this machine|Not sampled/);
    expect(printed({ sources: [] })).not.toContain('Found');
  });

  test('says of each probe how it is, which devices it leaves out, and which processes hang', () => {
    const text = printed({
      probes: [
        probe({
          state: 'restarting',
          lastError: 'it hung',
          skipped: [{ device: '/sys/class/hwmon/hwmon3', retryIn: 1000 }],
          stuck: [
            { pid: 77, device: '/mnt/dead', seconds: 61.7 },
            { pid: 78, device: undefined, seconds: 5 },
          ],
        }),
        probe({ kind: 'nvidia' }),
      ],
    });
    expect(text).toEndWith(
      `Probes:
  sensors: restarting; it hung
    left out, it hung a probe: /sys/class/hwmon/hwmon3
    pid 77 hangs for 62 s at /mnt/dead
    pid 78 hangs for 5 s at a device
  nvidia: running
`,
    );
  });

  test('says what its user may read of the processes of others, where it was tried', () => {
    const rights = {
      capabilities: [],
      tried: 3,
      readable: ['comm'],
      unreadable: ['fd'],
      hidden: false,
      serviceDiffers: false,
    };
    const text = report(diagnose(status(), { rights }));
    expect(text).toContain("\nRights:\n  capabilities: none that matter\n  of other users' ");
    expect(printed({})).not.toContain('Rights');
  });
});
