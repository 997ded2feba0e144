/** What the unit's user can read of other users' processes, without and with attribution.conf. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { basename } from 'node:path';
import { binaries } from '../parts/own.ts';
import { nspawn } from '../parts/sandboxes.ts';
import { testWith } from '../parts.ts';
import { deb, workshop } from './debs.ts';
import { boot, type Machine, takeDown } from './machine.ts';
import { overlay, type Tree } from './tree.ts';

/** A unit under the very restrictions of edgegauge.service that says what it can read of process $(pidof). */
const LOOK = `pid=$(systemctl show --value --property=MainPID somebody.service)
echo "pid=$pid" >/run/look.env
sed -e '/^#/d' -e '/^Restart/d' -e '/^Watchdog/d' -e '/^ExecReload/d' -e '/^RuntimeDirectory/d' \\
  -e 's|^Type=.*|Type=oneshot|' -e 's|^EnvironmentFile=.*|EnvironmentFile=/run/look.env|' \\
  -e 's|^ExecStart=.*|StandardOutput=file:/run/look.out\\nExecStart=/bin/sh /usr/local/bin/look|' \\
  /usr/lib/systemd/system/edgegauge.service >/run/systemd/system/look.service
mkdir -p /usr/local/bin && cat >/usr/local/bin/look <<'END'
for name in comm cmdline stat status cgroup statm maps environ io; do
  cat "/proc/$pid/$name" >/dev/null 2>&1 && echo $name
done
ls "/proc/$pid/fd" >/dev/null 2>&1 && echo fd
readlink "/proc/$pid/exe" >/dev/null && echo exe
cat /etc/shadow >/dev/null 2>&1 && echo 'files of root'
touch /run/look.out 2>/dev/null && echo 'writes'
kill -0 "$pid" 2>/dev/null && echo 'signals'
exit 0
END
`;

describe('the unit’s user', () => {
  let directory = '';
  let tree: Tree;
  let machine: Machine;

  beforeAll(async () => {
    const lower = nspawn();
    if (lower === undefined || binaries() === undefined) return;
    directory = workshop();
    const file = await deb(directory);
    tree = await overlay(lower);
    machine = await boot(tree, { '/srv/deb': directory });
    // Unpacked only: the unit itself is not what is looked at.
    await machine.must(`dpkg --unpack /srv/deb/${basename(file)} && systemd-sysusers`);
    await machine.must('systemd-run --quiet --unit=somebody --uid=nobody sleep infinity');
    await machine.must(LOOK);
  }, 60_000);

  afterAll(() => takeDown(machine, tree, directory));

  const look = async (): Promise<string[]> => {
    await machine.must(
      'rm -f /run/look.out; systemctl daemon-reload; systemctl start look.service',
    );
    return (await machine.must('cat /run/look.out')).trim().split('\n');
  };

  const ALWAYS = ['comm', 'cmdline', 'stat', 'status', 'cgroup', 'statm'];

  testWith(
    ['nspawn', 'binaries', 'debTools'],
    'reads names, command lines and control groups of the processes of others, no more',
    async () => expect(await look()).toEqual(ALWAYS),
  );

  testWith(
    ['nspawn', 'binaries', 'debTools'],
    'with attribution.conf reads their descriptors, maps and environment too, and changes nothing',
    async () => {
      await machine.must(
        'install -D -m 644 -t /etc/systemd/system/look.service.d /usr/share/edgegauge/attribution.conf',
      );
      const more = ['maps', 'environ', 'io', 'fd', 'exe', 'files of root'];
      expect(await look()).toEqual([...ALWAYS, ...more]);
    },
  );
});
