/** packaging/systemd: what systemd itself says of the unit. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, testWith } from '../parts.ts';
import { overlay, run } from './tree.ts';

const SYSTEMD = join(ROOT, 'packaging/systemd');
const UNIT = readFileSync(join(SYSTEMD, 'edgegauge.service'), 'utf8');

interface Row {
  readonly name: string;
  readonly exposure: string | null;
}

describe('edgegauge.service', () => {
  /** A tree that has nothing but what the unit names. */
  let root = '';
  const units = (): string => join(root, 'usr/lib/systemd/system');

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'edgegauge-unit-'));
    mkdirSync(units(), { recursive: true });
    writeFileSync(join(units(), 'edgegauge.service'), UNIT);
    mkdirSync(join(root, 'usr/bin'));
    writeFileSync(join(root, 'usr/bin/edgegauge'), '', { mode: 0o755 });
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const analyze = async (...args: readonly string[]): Promise<string> => {
    const { out, err } = await run(['systemd-analyze', `--root=${root}`, '--no-pager', ...args]);
    return `${out}${err}`;
  };

  const score = async (): Promise<number> => {
    const text = await analyze('security', '--offline=yes', 'edgegauge.service');
    const said = /Overall exposure level for edgegauge.service: (\S+)/.exec(text)?.[1];
    return Number(said ?? Number.NaN);
  };

  testWith(['debianTree'], 'is a good unit to Debian 12', async ({ debianTree }) => {
    await using tree = await overlay(debianTree);
    cpSync(root, tree.root, { recursive: true });
    expect(await tree.enter('systemd-analyze verify --man=no edgegauge.service 2>&1')).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  });

  testWith(['systemdAnalyze'], 'is hardened, and says of all that it gives up why', async () => {
    const exposure = await score();
    console.log(`systemd-analyze security edgegauge.service: ${exposure}`);
    expect(exposure).toBeLessThanOrEqual(2.5);

    const json = await analyze('security', '--offline=yes', '--json=short', 'edgegauge.service');
    const rows = JSON.parse(json) as Row[];
    const comments = UNIT.slice(UNIT.indexOf('# What is given up'), UNIT.indexOf('[Install]'));
    // `SystemCallFilter=~@clock` is said as it is, `RestrictAddressFamilies=~AF_UNIX` by its directive.
    const unsaid = rows
      .filter((row) => row.exposure !== null && Number(row.exposure) > 0)
      .map((row) => row.name)
      .filter(
        (name) =>
          !comments.includes(
            /^SystemCallFilter=(.*)$/.exec(name)?.[1] ?? (name.split(/[=/]/)[0] as string),
          ),
      );
    expect(rows.length).toBeGreaterThan(50);
    expect(unsaid).toEqual([]);
  });

  testWith(['systemdAnalyze'], 'with attribution.conf gives up little more', async () => {
    const dropIns = join(units(), 'edgegauge.service.d');
    mkdirSync(dropIns);
    cpSync(join(SYSTEMD, 'attribution.conf'), join(dropIns, 'attribution.conf'));
    const exposure = await score();
    rmSync(dropIns, { recursive: true });
    console.log(`systemd-analyze security with attribution.conf: ${exposure}`);
    expect(exposure).toBeGreaterThan(await score());
    expect(exposure).toBeLessThanOrEqual(3.2);
  });

  testWith(
    ['debianTree'],
    'is started anew by udev when a GPU driver is loaded, and by nothing else',
    async ({ debianTree }) => {
      await using tree = await overlay(debianTree);
      const rules = join(tree.root, 'usr/lib/udev/rules.d/60-edgegauge.rules');
      cpSync(join(SYSTEMD, '60-edgegauge.rules'), rules);
      const event = async (module: string): Promise<string> => {
        // An event of a module that this kernel need not have.
        const at = `/sys/module/${module}`;
        const { out, err } = await tree.enter(`mkdir -p ${at} && touch ${at}/uevent &&
          SYSTEMD_DEVICE_VERIFY_SYSFS=0 udevadm test --action=add ${at}`);
        expect(err).toContain('60-edgegauge.rules');
        return out;
      };
      const restart = "run: '/bin/systemctl --no-block try-restart edgegauge.service'";
      expect(await event('nvidia')).toContain(restart);
      expect(await event('amdgpu')).toContain(restart);
      expect(await event('ext4')).not.toContain('edgegauge.service');
    },
  );
});
