/** An upgrade by `edgegauge install` that fails leaves what ran before: on a booted Debian 12. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packaged } from '../parts/own.ts';
import { nspawn } from '../parts/sandboxes.ts';
import { testWith } from '../parts.ts';
import { workshop } from './debs.ts';
import { boot, type Machine, takeDown } from './machine.ts';
import { type Output, overlay, type Tree } from './tree.ts';

const UNIT = 'edgegauge.service';
const COPIED = '/srv/home/edgegauge';

describe('an upgrade that fails', () => {
  let directory = '';
  let tree: Tree;
  let machine: Machine;

  beforeAll(async () => {
    const lower = nspawn();
    const dist = packaged();
    if (lower === undefined || dist === undefined) return;
    directory = workshop();
    const home = join(directory, 'home');
    mkdirSync(home);
    cpSync(join(dist, 'edgegauge-linux-x64'), join(home, 'edgegauge'));
    writeFileSync(join(home, 'taken.yaml'), "web: { listen_addresses: [':9999'] }\n");
    tree = await overlay(lower);
    machine = await boot(tree, { '/srv/home': home });
    await install();
    await machine.must(
      `systemd-run --quiet --unit=other ${COPIED} serve --web.listen-address=:9999`,
    );
  }, 120_000);

  afterAll(() => takeDown(machine, tree, directory));

  /** A test of this machine; they run in their order. */
  const step = (name: string, body: () => Promise<void>): void =>
    testWith(['nspawn', 'packaged'], name, body);

  const install = (): Promise<string> => machine.must(`${COPIED} install`);
  const attempt = (command: string): Promise<Output> => machine.try(command);

  /** A machine as it is: every file that an installation could touch, and how the service stands. */
  const state = (): Promise<string> =>
    machine.must(`cd / && find etc/edgegauge etc/systemd/system etc/udev/rules.d usr/local -type f -exec stat -c '%n %a %U:%G' {} + -exec md5sum {} + | sort
      systemctl is-enabled ${UNIT} || true; systemctl is-active ${UNIT} || true`);

  step('puts the configuration of before back when the service does not start', async () => {
    const before = await state();
    const { code, err } = await attempt(`${COPIED} install --config /srv/home/taken.yaml`);
    expect(err).toStartWith(
      `edgegauge: ${UNIT} does not start: cannot listen on :9999: the address is in use; choose another with --web.listen-address; program, unit and configuration of before are back, and run\n`,
    );
    expect(code).toBe(1);
    expect(await state()).toBe(before);
    expect((await machine.get('/-/healthy')).status).toBe(200);
  });

  step('puts the program of before back when the new one does not start', async () => {
    // An older version, which does not know the flags that the new one stumbles over.
    await machine.must(`cat >/usr/local/bin/.old <<'OLD'
#!/bin/sh
exec ${COPIED} serve --config.file=/etc/edgegauge/edgegauge.yaml
OLD
      chmod 755 /usr/local/bin/.old && mv /usr/local/bin/.old /usr/local/bin/edgegauge
      cp -a /etc/default/edgegauge /run/defaults
      echo 'ARGS=--web.listen-address=:9999' >/etc/default/edgegauge
      echo '# of an older version' >>/etc/systemd/system/${UNIT}
      systemctl daemon-reload && systemctl restart ${UNIT}`);
    for (const [become, now] of [
      ['true', 'and run'],
      [`systemctl disable --now ${UNIT}`, 'and stopped as they were'],
    ] as const) {
      await machine.must(become);
      const before = await state();
      const { code, out, err } = await attempt(`${COPIED} install`);
      expect(out).toContain('/usr/local/bin/edgegauge: changed\n');
      expect(err).toContain(`; program, unit and configuration of before are back, ${now}\n`);
      expect(code).toBe(1);
      expect(await state()).toBe(before);
    }
    await machine.must('systemctl stop other && mv /run/defaults /etc/default/edgegauge');
    expect(await install()).toContain(`${UNIT}: enabled, started\nready: `);
  });

  step('undoes what it did when a disk is full', async () => {
    const before = await state();
    await machine.must('mount -t tmpfs -o size=20m small /usr/local/bin');
    const { code, err } = await attempt(`${COPIED} install`);
    expect(err).toMatch(/^edgegauge: ENOSPC: .*; what had been changed is undone\n$/);
    expect(code).toBe(1);
    expect(await machine.must('ls -A /usr/local/bin; umount /usr/local/bin')).toBe('');
    expect(await state()).toBe(before);
  });
});
