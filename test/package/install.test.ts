/** The package on a booted Debian 12, from its installation by apt to its removal. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { chmodSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { until } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { cc } from '../parts/compilers.ts';
import { nvmlHeader } from '../parts/libraries.ts';
import { packaged } from '../parts/own.ts';
import { nspawn } from '../parts/sandboxes.ts';
import { type PartName, testWith } from '../parts.ts';
import { deb, later, repository, SOURCES, VERSION, workshop } from './debs.ts';
import { boot, type Machine, takeDown } from './machine.ts';
import { overlay, type Tree } from './tree.ts';

const NEEDED: readonly PartName[] = ['nspawn', 'packaged', 'gpg', 'debTools'];
const UNIT = 'edgegauge.service';

describe('the package on a booted machine', () => {
  let directory = '';
  let tree: Tree;
  let machine: Machine;
  let gpu: FakeNvml;

  beforeAll(async () => {
    const lower = nspawn();
    if (lower === undefined || packaged() === undefined) return;
    directory = workshop();
    const first = await deb(directory);
    const second = await later(first, '99.0.0', directory);
    const apt = await repository([first, second], directory);
    const shared: Record<string, string> = { '/srv/apt': apt };
    if (cc() !== undefined && nvmlHeader() !== undefined) {
      gpu = new FakeNvml('h200x8');
      chmodSync(dirname(gpu.path), 0o755);
      shared['/srv/nvml'] = dirname(gpu.library);
      shared['/srv/scenario'] = dirname(gpu.path);
    }
    tree = await overlay(lower);
    machine = await boot(tree, shared);
  }, 120_000);

  afterAll(async () => {
    await takeDown(machine, tree, directory);
    gpu?.[Symbol.dispose]();
  });

  /** A test of this machine; they run in their order. */
  const step = (name: string, body: () => Promise<void>): void =>
    testWith(NEEDED, name, body, 120_000);

  const show = async (property: string): Promise<string> =>
    (await machine.must(`systemctl show --value --property=${property} ${UNIT}`)).trim();

  const page = async (query = ''): Promise<string> => {
    const { status, body } = await machine.get(`/metrics${query}`);
    return status === 200 ? body : '';
  };

  const serves = (): Promise<unknown> =>
    until(page, (text) => text.includes('edgegauge_build_info'));

  step('is installed by apt from the signed repository, and starts', async () => {
    // What is mounted before the start, and in what place, must not make a difference later.
    await machine.must(`mkdir -p /home/alice /srv/ro /usr/lib/modules/1
      mount -t tmpfs -o size=5m modules /usr/lib/modules/1
      mount -t tmpfs -o size=1m alice /home/alice
      mount -t tmpfs -o size=2m,ro ro /srv/ro`);
    await machine.must(`${SOURCES} apt-get -qq update && apt-get -qq install edgegauge=${VERSION}`);
    expect(await machine.must(`systemctl is-enabled ${UNIT}`)).toBe('enabled\n');
    expect(await show('ActiveState')).toBe('active');
    expect(await show('Type')).toBe('notify');
    await serves();
  });

  step('runs as its own user without any capability', async () => {
    const pid = await show('MainPID');
    const status = await machine.must(`cat /proc/${pid}/status`);
    const uid = (await machine.must('id -u edgegauge')).trim();
    expect(status).toMatch(new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm'));
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect(status).toContain(`${set}:\t0000000000000000\n`);
    }
    expect(status).toContain('NoNewPrivs:\t1\n');
    expect(await machine.must('id -nG edgegauge')).toMatch(/^(?=.*video)(?=.*render)/);
  });

  step('keeps its configuration from others', async () => {
    const files = '/etc/edgegauge/edgegauge.yaml /etc/edgegauge/web-config.yaml';
    expect(await machine.must(`stat -c '%a %U:%G' ${files}`)).toBe(
      '640 root:edgegauge\n640 root:edgegauge\n',
    );
    expect((await machine.try(`su -s /bin/sh nobody -c 'cat ${files}'`)).out).toBe('');
  });

  step('shows every file system as PID 1 sees it, early and late ones', async () => {
    await machine.must(`mkdir -p /mnt/late /tmp/late
      mount -t tmpfs -o size=3m late /mnt/late
      mount -t tmpfs -o size=4m tmp /tmp/late`);
    const seen = await until(
      async () => {
        const mine = filesystems(await page('?dialect=node&collect[]=filesystem'));
        const truth = filesystems(await machine.must('edgegauge snapshot --dialect=node'));
        return { mine, truth };
      },
      ({ mine, truth }) => truth.length > 0 && mine.join('\n') === truth.join('\n'),
    );
    for (const point of [
      '/home/alice',
      '/srv/ro',
      '/usr/lib/modules/1',
      '/mnt/late',
      '/tmp/late',
    ]) {
      expect(seen.mine.join('\n')).toContain(`mountpoint="${point}"`);
    }
    expect(seen.mine.find((l) => /_readonly\{.*"\/srv\/ro"/.test(l))).toEndWith(' 1');
    expect(seen.mine.find((l) => /_readonly\{.*"\/mnt\/late"/.test(l))).toEndWith(' 0');
  });

  step('reads how well the clock is kept', async () => {
    const text = await page('?dialect=node&collect[]=timex');
    expect(text).toMatch(/^node_timex_status \d+$/m);
    expect(text).toMatch(/^node_timex_tick_seconds 0\.\d+$/m);
  });

  step(
    'reads its configuration again at a reload, and keeps the old one when it is wrong',
    async () => {
      const pid = await show('MainPID');
      await machine.must('echo "dialects: [node]" >>/etc/edgegauge/edgegauge.yaml');
      await machine.must(`systemctl reload ${UNIT}`);
      await until(page, (text) => text.includes('node_memory_MemTotal_bytes'));

      await machine.must('sed -i s/node/klingon/ /etc/edgegauge/edgegauge.yaml');
      await machine.must(`systemctl reload ${UNIT}`);
      const success = 'edgegauge_config_last_reload_successful';
      await until(page, (text) => text.includes(`${success} 0`));
      expect(await page()).toContain('node_memory_MemTotal_bytes');
      expect(await show('ActiveState')).toBe('active');

      await machine.must('sed -i s/klingon/node/ /etc/edgegauge/edgegauge.yaml');
      await machine.must(`systemctl reload ${UNIT}`);
      await until(page, (text) => text.includes(`${success} 1`));
      expect(await show('MainPID')).toBe(pid);
    },
  );

  step('is started anew by the watchdog when it stands still', async () => {
    await dropIn('fast', 'WatchdogSec=2\nTimeoutAbortSec=1\nRestartSec=0');
    const pid = await show('MainPID');
    await machine.must(`kill -STOP ${pid}`);
    await until(
      () => show('NRestarts'),
      (n) => n === '1',
    );
    await serves();
    expect(await show('ActiveState')).toBe('active');
    expect(await show('MainPID')).not.toBe(pid);
    expect(await machine.must(`journalctl --unit=${UNIT} --no-pager`)).toContain(
      'Watchdog timeout',
    );
  });

  /** Adds a drop-in to the unit and starts it anew. */
  async function dropIn(name: string, text: string): Promise<void> {
    const into = `/run/systemd/system/${UNIT}.d`;
    await machine.must(`mkdir -p ${into}; printf '[Service]\n${text}\n' >${into}/${name}.conf
      systemctl daemon-reload && systemctl restart ${UNIT}`);
    await serves();
  }

  testWith(
    [...NEEDED, 'cc', 'nvmlHeader'],
    'calls the library of a GPU driver from within its restrictions',
    async () => {
      await machine.must(`cat >/run/gpu.env <<'END'
ARGS="--gpu.nvidia=true --gpu.nvidia-library=/srv/nvml/${basename(gpu.library)}"
EDGEGAUGE_FAKE_NVML=/srv/scenario/${basename(gpu.path)}
END`);
      await dropIn('gpu', 'EnvironmentFile=/run/gpu.env');
      const text = await until(
        () => page('?dialect=native'),
        (found) => found.includes('\ngpu_power_watts{'),
      );
      expect(text).toMatch(/^gpu_memory_used_bytes\{device="0",.*\} \d+$/m);
      await machine.must(`rm /run/systemd/system/${UNIT}.d/gpu.conf && systemctl daemon-reload`);
    },
    120_000,
  );

  step('runs with two capabilities once attribution.conf is in place', async () => {
    const into = `/etc/systemd/system/${UNIT}.d`;
    await machine.must(`install -D -m 644 -t ${into} /usr/share/edgegauge/attribution.conf
      systemctl daemon-reload && systemctl restart ${UNIT}`);
    await serves();
    const status = await machine.must(`cat /proc/${await show('MainPID')}/status`);
    // CAP_DAC_READ_SEARCH is bit 2, CAP_SYS_PTRACE bit 19: capabilities(7).
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect(status).toContain(`${set}:\t0000000000080004\n`);
    }
    await machine.must(`rm ${into}/attribution.conf && rmdir ${into}
      systemctl daemon-reload && systemctl restart ${UNIT}`);
  });

  step('keeps an edited configuration at an upgrade, and runs the new program', async () => {
    const pid = await show('MainPID');
    const said = await machine.must('apt-get -qq install edgegauge 2>&1');
    expect(said).toContain('99.0.0');
    expect(await machine.must('tail -1 /etc/edgegauge/edgegauge.yaml')).toBe('dialects: [node]\n');
    expect(await machine.must('cat /etc/edgegauge/edgegauge.yaml.dpkg-dist')).toContain('later');
    expect(await machine.must('stat -c %a:%G /etc/edgegauge/edgegauge.yaml')).toBe(
      '640:edgegauge\n',
    );
    await until(page, (text) => text.includes('node_memory_MemTotal_bytes'));
    expect(await show('MainPID')).not.toBe(pid);
  });

  step('stays disabled at an upgrade when it was disabled', async () => {
    await machine.must(`systemctl disable --now ${UNIT}`);
    await machine.must(`apt-get -qq install --allow-downgrades edgegauge=${VERSION}`);
    expect((await machine.try(`systemctl is-enabled ${UNIT}`)).out).toBe('disabled\n');
    await machine.must(`systemctl enable --now ${UNIT}`);
    await serves();
  });

  step('leaves its configuration when removed, and finds it when installed again', async () => {
    await machine.must('apt-get -qq remove edgegauge');
    expect((await machine.try(`systemctl is-active ${UNIT}`)).out).toBe('inactive\n');
    expect((await machine.get('/metrics')).status).toBe(0);
    expect(await machine.must('tail -1 /etc/edgegauge/edgegauge.yaml')).toBe('dialects: [node]\n');
    await machine.must(`apt-get -qq install edgegauge=${VERSION}`);
    await until(page, (text) => text.includes('node_memory_MemTotal_bytes'));
  });

  step('leaves nothing but its user when purged', async () => {
    await machine.must(`rm -r /run/systemd/system/${UNIT}.d; apt-get -qq purge edgegauge`);
    const apt = '-path /etc/apt -o -path /var/lib/apt -o -path /srv/apt -o -path /proc';
    const found = await machine.must(
      `find / \\( ${apt} -o -path /sys \\) -prune -o -iname '*edgegauge*' -print`,
    );
    expect(found).toBe('');
    expect(await machine.must('systemctl --failed --no-legend')).toBe('');
    expect((await machine.try('pgrep -u edgegauge; ls /proc/*/exe -l | grep edgegauge')).out).toBe(
      '',
    );
    expect(await machine.must('getent passwd edgegauge')).toContain('/usr/sbin/nologin');
  });
});

/**
 * Lines of node_filesystem_*, sorted. How full the disks of this machine are changes by the second: of them only
 * that it is known is told.
 */
function filesystems(page: string): string[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('node_filesystem_'))
    .map((line) =>
      /_(avail_bytes|free_bytes|files_free)\{.*device="\/dev/.test(line)
        ? line.replace(/\S+$/, 'known')
        : line,
    )
    .sort();
}
