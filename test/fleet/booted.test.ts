/** `edgegauge fleet install` to a real sshd on a booted Debian 12: the whole way from one command to /-/ready there. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../edgegauge.ts';
import { workshop } from '../package/debs.ts';
import { boot, type Machine, takeDown } from '../package/machine.ts';
import { type Output, overlay, type Tree } from '../package/tree.ts';
import { packaged } from '../parts/own.ts';
import { sshd } from '../parts/programs.ts';
import { nspawn } from '../parts/sandboxes.ts';
import { type PartName, testWith } from '../parts.ts';
import { clientConfig, makeKey, putServer } from './hosts.ts';
import { rows } from './rows.ts';

const NEEDED: readonly PartName[] = ['nspawn', 'packaged', 'sshd'];
const UNIT = 'edgegauge.service';
/** Where the machine sees the unpacked server. */
const SERVER = '/srv/server';

let directory = '';
let program = '';
let tree: Tree;
let machine: Machine;

const at = (name: string): string => join(directory, name);

beforeAll(async () => {
  const lower = nspawn();
  const dist = packaged();
  const server = sshd();
  if (lower === undefined || dist === undefined || server === undefined) return;
  program = join(dist, 'edgegauge-linux-x64');
  directory = workshop();
  const inside = (path: string): string => path.replace(server.root, SERVER);
  const key = await makeKey(directory);
  tree = await overlay(lower);
  putServer(join(tree.root, 'etc/ssh'), key, inside(server.sftpServer));
  await tree.enter('useradd --system --no-create-home --home-dir /run/sshd sshd');
  machine = await boot(tree, { [SERVER]: server.root });
  const unit = `--quiet --unit=ssh --setenv=LD_LIBRARY_PATH=${inside(server.libraries)}`;
  await machine.must(
    `mkdir -p /run/sshd; systemd-run ${unit} ${inside(server.sshd)} -D -e -p 2222 -f /etc/ssh/sshd_config`,
  );
  const host = (name: string, port: number): string =>
    `Host ${name}\nHostName 127.0.0.1\nPort ${port}\nHostKeyAlias ${name}\n`;
  const hosts = [host('spark', 2222), host('changed', 2222), host('gone', 1)];
  writeFileSync(at('ssh_config'), `${hosts.join('')}${clientConfig(directory)}`);
  const [, publicKey] = readFileSync(`${key}.pub`, 'utf8').split(' ');
  mkdirSync(at('other'));
  const other = readFileSync(`${await makeKey(at('other'))}.pub`, 'utf8').split(' ')[1];
  writeFileSync(
    at('known_hosts'),
    `spark ssh-ed25519 ${publicKey}\nchanged ssh-ed25519 ${other}\n`,
  );
  await until(
    () => machine.client(['ssh', '-F', at('ssh_config'), 'spark', 'true']),
    ({ code }) => code === 0,
  );
}, 60_000);

afterAll(() => takeDown(machine, tree, directory));

const fleet = (...args: readonly string[]): Promise<Output> =>
  machine.client([program, 'fleet', 'install', '--ssh-config', at('ssh_config'), ...args]);

const mainPid = (): Promise<string> =>
  machine.must(`systemctl show --value --property=MainPID ${UNIT}`);

describe('fleet install on a booted machine', () => {
  /** A test of this machine; they run in their order. */
  const step = (name: string, body: () => Promise<void>): void => testWith(NEEDED, name, body);

  step('installs and starts it there, and says why others failed', async () => {
    const { code, out } = await fleet('gone', 'spark', 'changed');
    const hostname = (await machine.must('hostname')).trim();
    const table = rows(out);
    expect(table.get('spark')?.slice(1)).toEqual([
      'installed',
      expect.any(String),
      `ready: http://${hostname}:9835/metrics`,
    ]);
    expect(table.get('gone')?.at(-1)).toContain('Connection refused');
    expect(table.get('changed')?.at(-1)).toBe('Host key verification failed.');
    expect(code).toBe(1);
    expect(await machine.must(`systemctl is-enabled ${UNIT}; systemctl is-active ${UNIT}`)).toBe(
      'enabled\nactive\n',
    );
    expect((await machine.get('/-/ready')).status).toBe(200);
    expect(readdirSync(join(tree.root, 'tmp')).filter((name) => name.includes('edge'))).toEqual([]);
  });

  step('disturbs nothing when it is done again', async () => {
    const pid = await mainPid();
    const { code, out } = await fleet('spark');
    expect(rows(out).get('spark')?.[1]).toBe('unchanged');
    expect(code).toBe(0);
    expect(await mainPid()).toBe(pid);
  });

  step('upgrades it, and where the new one does not start, the old one runs again', async () => {
    // An older version, which does not know the flag that the new one stumbles over.
    await machine.must(`cp -a /usr/local/bin/edgegauge /usr/local/bin/kept
      printf '#!/bin/sh\\nexec /usr/local/bin/kept serve\\n' >/usr/local/bin/.old
      chmod 755 /usr/local/bin/.old && mv /usr/local/bin/.old /usr/local/bin/edgegauge
      echo 'ARGS=--web.listen-address=:2222' >>/etc/default/edgegauge
      systemctl restart ${UNIT}`);
    const failed = await fleet('spark');
    const detail = rows(failed.out).get('spark');
    expect(detail?.[1]).toBe('failed');
    expect(detail?.at(-1)).toBe(
      `${UNIT} does not start: cannot listen on :2222: the address is in use; choose another with --web.listen-address; program, unit and configuration of before are back, and run`,
    );
    expect(failed.code).toBe(1);
    expect((await machine.get('/-/healthy')).status).toBe(200);
    expect(await machine.must('head -c 2 /usr/local/bin/edgegauge')).toBe('#!');

    await machine.must("sed -i '$d' /etc/default/edgegauge");
    const { code, out } = await fleet('spark');
    expect(rows(out).get('spark')?.[1]).toBe('upgraded');
    expect(code).toBe(0);
    expect((await machine.get('/-/ready')).status).toBe(200);
  });
});
