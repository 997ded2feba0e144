/** `edgegauge install` and `uninstall` on a booted Debian 12, the way a file that was copied there is installed. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnosis } from '../../src/cli/doctor.ts';
import { until } from '../edgegauge.ts';
import { binaries, packaged } from '../parts/own.ts';
import { nspawn } from '../parts/sandboxes.ts';
import { testWith } from '../parts.ts';
import { deb, workshop } from './debs.ts';
import { boot, type Machine, takeDown } from './machine.ts';
import { must, type Output, overlay, type Tree } from './tree.ts';

const UNIT = 'edgegauge.service';
const COPIED = '/srv/home/edgegauge';

describe('edgegauge install on a booted machine', () => {
  let directory = '';
  let tree: Tree;
  let machine: Machine;

  beforeAll(async () => {
    const lower = nspawn();
    const dist = binaries();
    if (lower === undefined || dist === undefined || packaged() === undefined) return;
    directory = workshop();
    const home = join(directory, 'home');
    mkdirSync(home);
    cpSync(join(dist, 'edgegauge-linux-x64'), join(home, 'edgegauge'));
    writeFileSync(join(home, 'good.yaml'), 'dialects: [node]\n');
    writeFileSync(join(home, 'bad.yaml'), 'dialects: [klingon]\n');
    const password = await Bun.password.hash('scrape', { algorithm: 'bcrypt', cost: 4 });
    writeFileSync(
      join(home, 'web.yaml'),
      `tls_server_config: { cert_file: tls/server.crt, key_file: tls/server.key }\nbasic_auth_users: { prometheus: '${password}' }\n`,
    );
    mkdirSync(join(home, 'tls'));
    const subject = ['-subj', '/CN=spark', '-addext', 'subjectAltName=DNS:localhost'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const out = ['-keyout', join(home, 'tls/server.key'), '-out', join(home, 'tls/server.crt')];
    await must(['openssl', 'req', '-x509', ...key, ...subject, '-days', '2', ...out]);
    cpSync(await deb(directory), join(home, 'edgegauge.deb'));
    tree = await overlay(lower);
    machine = await boot(tree, { '/srv/home': home });
  }, 120_000);

  afterAll(() => takeDown(machine, tree, directory));

  /** A test of this machine; they run in their order. */
  const step = (name: string, body: () => Promise<void>): void =>
    testWith(['nspawn', 'packaged', 'debTools'], name, body, 120_000);

  const install = (...flags: readonly string[]): Promise<string> =>
    machine.must(`${COPIED} install ${flags.join(' ')}`);
  const attempt = (command: string): Promise<Output> => machine.try(command);
  const show = async (property: string): Promise<string> =>
    (await machine.must(`systemctl show --value --property=${property} ${UNIT}`)).trim();

  step('puts everything in place, starts it, waits until it is ready, and says where', async () => {
    const hostname = (await machine.must('hostname')).trim();
    const said = (await install()).trim().split('\n');
    expect(said).toEqual([
      '/usr/local/bin/edgegauge: new',
      'user edgegauge: new',
      '/etc/edgegauge/edgegauge.yaml: new',
      '/etc/edgegauge/web-config.yaml: new',
      '/etc/default/edgegauge: new',
      '/etc/udev/rules.d/60-edgegauge.rules: new',
      `/etc/systemd/system/${UNIT}: new`,
      `${UNIT}: enabled, started`,
      `ready: http://${hostname}:9835/metrics`,
    ]);
    expect((await machine.get('/-/ready')).status).toBe(200);
    expect(await machine.must(`systemctl is-enabled ${UNIT}`)).toBe('enabled\n');
    const pid = await show('MainPID');
    expect(await machine.must(`readlink /proc/${pid}/exe; stat -c %U /proc/${pid}`)).toBe(
      '/usr/local/bin/edgegauge\nedgegauge\n',
    );
    expect(await machine.must("stat -c '%a %U:%G' /etc/edgegauge/*")).toBe(
      '640 root:edgegauge\n640 root:edgegauge\n',
    );
  });

  step('is shown by systemctl status with what it does', async () => {
    expect(await show('StatusText')).toMatch(
      /^\d+ series; probes: sensors \w+.*; listening on :9835$/,
    );
    expect(await machine.must(`systemd-analyze verify ${UNIT} 2>&1`)).toBe('');
  });

  step(
    'doctor as the service’s user names what it cannot read, without and with the two capabilities',
    async () => {
      const doctor = async (properties: string): Promise<Diagnosis> => {
        const service = `--quiet --pipe --wait --uid=edgegauge ${properties}`;
        const out = await machine.must(
          `systemd-run ${service} /usr/local/bin/edgegauge doctor --json || test $? = 1`,
        );
        return JSON.parse(out) as Diagnosis;
      };
      const always = ['comm', 'cmdline', 'status', 'cgroup'];
      const more = ['fd', 'maps', 'environ', 'exe', 'io'];
      expect((await doctor('')).rights).toMatchObject({ readable: always, unreadable: more });
      const two = 'CAP_SYS_PTRACE CAP_DAC_READ_SEARCH';
      expect((await doctor(`--property='AmbientCapabilities=${two}'`)).rights).toMatchObject({
        readable: [...always, ...more],
        unreadable: [],
      });
      // Who asks as root is told that this is not what the service may do.
      expect(await machine.must('/usr/local/bin/edgegauge doctor || test $? = 1')).toContain(
        'the service is not root: sudo -u edgegauge edgegauge doctor',
      );
    },
  );

  step('changes nothing when it is done again, and keeps what was edited', async () => {
    const pid = await show('MainPID');
    await machine.must('echo "# mine" >>/etc/edgegauge/edgegauge.yaml');
    const said = await install();
    expect(said).toContain('/usr/local/bin/edgegauge: same\nuser edgegauge: same\n');
    expect(said).toContain('/etc/edgegauge/edgegauge.yaml: kept\n');
    expect(said).toContain(`${UNIT}: enabled, runs as before\nready: http://`);
    expect(await machine.must('tail -1 /etc/edgegauge/edgegauge.yaml')).toBe('# mine\n');
    expect(await show('MainPID')).toBe(pid);
  });

  step('starts it again when it had ended', async () => {
    await machine.must(`systemctl stop ${UNIT}`);
    expect(await install()).toContain(`${UNIT}: enabled, started\nready: `);
  });

  step('starts the program that is there when a run before it had been killed', async () => {
    const pid = await show('MainPID');
    await machine.must(`cd /usr/local/bin && ln edgegauge .edgegauge.before
      cp edgegauge .new && mv .new edgegauge`);
    expect(await install()).toContain('/usr/local/bin/edgegauge: same\n');
    expect(await show('MainPID')).not.toBe(pid);
    expect(await machine.must('ls -A /usr/local/bin')).toBe('edgegauge\n');
  });

  step('asks the service itself, not the proxy of a company', async () => {
    const proxies = ['http_proxy', 'HTTP_PROXY', 'https_proxy'].map(
      (n) => `${n}=http://127.0.0.1:1`,
    );
    expect(await machine.must(`${proxies.join(' ')} ${COPIED} install`)).toContain('\nready: ');
  });

  step('refuses a configuration that is wrong before it changes anything', async () => {
    const pid = await show('MainPID');
    const { code, out, err } = await attempt(`cd /srv/home && ${COPIED} install --config bad.yaml`);
    expect(err).toMatch(/^edgegauge: bad\.yaml:1:11: dialects: \["klingon"\] is not /);
    expect([out, code]).toEqual(['', 1]);
    expect(await show('MainPID')).toBe(pid);
  });

  step('refuses when what is there and stays is wrong, too', async () => {
    const pid = await show('MainPID');
    await machine.must(`cp -a /etc/edgegauge/edgegauge.yaml /run/
      echo 'dialects: [klingon]' >>/etc/edgegauge/edgegauge.yaml`);
    const { code, out, err } = await attempt(`${COPIED} install`);
    expect(err).toMatch(/^edgegauge: \/etc\/edgegauge\/edgegauge\.yaml:\d+:11: dialects: /);
    expect([out, code]).toEqual(['', 1]);
    expect(await show('MainPID')).toBe(pid);
    await machine.must('mv /run/edgegauge.yaml /etc/edgegauge/');
  });

  step('takes configuration, certificates and passwords along', async () => {
    const said = await install('--config=/srv/home/good.yaml --web.config.file=/srv/home/web.yaml');
    expect(said).toContain('/etc/edgegauge/tls/server.crt: new\n');
    expect(said).toContain('/etc/edgegauge/tls/server.key: new\n');
    expect(said).toMatch(/\nruns: https:\/\/\S+:9835\/metrics \(it asks for a password, .*\)\n$/);
    expect(await machine.must("stat -c '%a %U:%G' /etc/edgegauge/tls/server.key")).toBe(
      '640 root:edgegauge\n',
    );
    const curl = ['--cacert', join(directory, 'home/tls/server.crt'), '--url'];
    const url = 'https://localhost:9835/metrics';
    const page = await machine.get('', ...curl, url, '--user', 'prometheus:scrape');
    expect(page.body).toContain('node_memory_MemTotal_bytes');
    expect((await machine.get('/metrics')).status).not.toBe(200);
  });

  step('upgrades in place: another program, the same configuration', async () => {
    const pid = await show('MainPID');
    await machine.must(`cp /bin/true /usr/local/bin/.old && mv /usr/local/bin/.old /usr/local/bin/edgegauge
      echo '# of an older version' >>/etc/systemd/system/${UNIT}`);
    const said = await install();
    expect(said).toContain('/usr/local/bin/edgegauge: changed\n');
    expect(said).toContain(`/etc/systemd/system/${UNIT}: changed\n`);
    expect(said).toContain('/etc/edgegauge/edgegauge.yaml: kept\n');
    expect(await show('MainPID')).not.toBe(pid);
    expect(await machine.must('cat /etc/edgegauge/edgegauge.yaml')).toBe('dialects: [node]\n');
  });

  step('gives the service two capabilities on request, and keeps them at an upgrade', async () => {
    expect(await install('--attribution')).toContain('/attribution.conf: new\n');
    expect(await install()).toContain('/attribution.conf: same\n');
    const status = await machine.must(`cat /proc/${await show('MainPID')}/status`);
    expect(status).toContain('CapEff:\t0000000000080004\n');
  });

  step('refuses to replace a unit of somebody else', async () => {
    await machine.must(`cp /etc/systemd/system/${UNIT} /run/unit
      sed -i 1d /etc/systemd/system/${UNIT}`);
    const { code, err } = await attempt(`${COPIED} install`);
    expect(err).toContain('is not of edgegauge install: move it away first');
    expect(code).toBe(1);
    await machine.must(`mv /run/unit /etc/systemd/system/${UNIT} && systemctl daemon-reload`);
  });

  step('uninstall stops it and takes the program away, not the configuration', async () => {
    const said = await machine.must(`${COPIED} uninstall`);
    expect(said).toEndWith('user edgegauge: kept (--purge removes them)\n');
    expect((await attempt(`systemctl is-active ${UNIT}`)).out).toBe('inactive\n');
    expect((await machine.get('/metrics')).status).toBe(0);
    expect(await machine.must('ls /etc/edgegauge')).toBe('edgegauge.yaml\ntls\nweb-config.yaml\n');
    expect(await machine.must(`${COPIED} uninstall`)).toContain('nothing was installed here');
  });

  step('uninstall --purge leaves nothing', async () => {
    await install();
    await machine.must('ln /usr/local/bin/edgegauge /usr/local/bin/.edgegauge.before');
    // By the installed program itself.
    await machine.must('/usr/local/bin/edgegauge uninstall --purge');
    const found = await machine.must(
      "find / \\( -path /proc -o -path /sys -o -path /srv \\) -prune -o -iname '*edgegauge*' -print",
    );
    expect(found).toBe('');
    expect((await attempt('getent passwd edgegauge; getent group edgegauge')).out).toBe('');
    expect(await machine.must('systemctl --failed --no-legend')).toBe('');
  });

  step('refuses where the package is installed', async () => {
    await machine.must('dpkg --force-confold --install /srv/home/edgegauge.deb');
    const { code, out, err } = await attempt(`${COPIED} install`);
    expect(err).toMatch(/^edgegauge: the package edgegauge is installed here: .*apt remove/);
    expect([out, code]).toEqual(['', 1]);
    expect(await machine.must(`${COPIED} uninstall --purge`)).toContain(
      'kept, they are of the package',
    );
    expect((await machine.get('/-/healthy')).status).toBe(200);
    await machine.must('dpkg --purge edgegauge');
  });

  step('hands over to a package that was installed beside it', async () => {
    await install();
    const warned = await machine.must(
      'dpkg --force-confold --install /srv/home/edgegauge.deb 2>&1',
    );
    expect(warned).toContain('edgegauge uninstall');
    expect(await machine.must(`${COPIED} uninstall`)).toContain('now that of the package');
    await until(
      async () => (await machine.get('/-/ready')).status,
      (status) => status === 200,
    );
    const pid = await show('MainPID');
    expect(await machine.must(`readlink /proc/${pid}/exe`)).toBe('/usr/bin/edgegauge\n');
    expect(await machine.must(`systemctl is-enabled ${UNIT}`)).toBe('enabled\n');
    expect(basename(await show('FragmentPath'))).toBe(UNIT);
  });

  step('needs root, and says so', async () => {
    for (const command of ['install', 'uninstall']) {
      const { code, err } = await attempt(`su -s /bin/sh nobody -c '${COPIED} ${command}'`);
      expect(err).toMatch(new RegExp(`^edgegauge: ${command} needs root: sudo .* ${command}\n$`));
      expect(code).toBe(1);
    }
  });
});
