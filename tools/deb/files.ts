/** What is in the package, and where. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bash } from '../cli/bash.ts';
import { commands } from '../cli/commands.ts';
import { fish } from '../cli/fish.ts';
import { man5 } from '../cli/man5.ts';
import { man8 } from '../cli/man8.ts';
import { zsh } from '../cli/zsh.ts';
import { configFile } from '../settings-page.ts';
import { changelog } from './changelog.ts';
import { copyright } from './copyright.ts';
import type { Package } from './package.ts';
import { sbomOf } from './package-sbom.ts';

export interface PackageFile {
  /** Below the root of the file system, without a slash before it. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Files that an administrator may edit: dpkg keeps them so. */
export const CONFFILES: readonly string[] = [
  'etc/default/edgegauge',
  'etc/edgegauge/edgegauge.yaml',
  'etc/edgegauge/web-config.yaml',
];

const DOC = 'usr/share/doc/edgegauge';

/** All but the binary, which is large and is copied. */
export function files(of: Package): PackageFile[] {
  const { root, version, stamp, maintainer } = of;
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const about = { version, date: stamp.date };
  const all = commands();
  const log = changelog({ markdown: read('CHANGELOG.md'), version, maintainer, epoch: of.epoch });
  const file = (path: string, content: string | Uint8Array): PackageFile => ({ path, content });
  return [
    // The maintainer script hides what may hold passwords from others: only there is the group known.
    file('etc/default/edgegauge', read('packaging/deb/etc/default')),
    file('etc/edgegauge/edgegauge.yaml', read('packaging/deb/etc/edgegauge.yaml')),
    file('etc/edgegauge/web-config.yaml', read('config/web-config.yaml')),
    file('usr/lib/systemd/system/edgegauge.service', read('packaging/systemd/edgegauge.service')),
    file('usr/lib/sysusers.d/edgegauge.conf', read('packaging/systemd/sysusers.conf')),
    file('usr/lib/udev/rules.d/60-edgegauge.rules', read('packaging/systemd/60-edgegauge.rules')),
    file('usr/share/edgegauge/attribution.conf', read('packaging/systemd/attribution.conf')),
    file('usr/share/man/man8/edgegauge.8.gz', gzip(man8(about))),
    file('usr/share/man/man5/edgegauge.yaml.5.gz', gzip(man5(about))),
    file('usr/share/bash-completion/completions/edgegauge', bash(all)),
    file('usr/share/zsh/vendor-completions/_edgegauge', zsh(all)),
    file('usr/share/fish/vendor_completions.d/edgegauge.fish', fish(all)),
    file('usr/share/lintian/overrides/edgegauge', read('packaging/deb/lintian-overrides')),
    file(`${DOC}/copyright`, copyright(root)),
    file(`${DOC}/changelog.gz`, gzip(log)),
    file(`${DOC}/sbom.cdx.json`, sbomOf(of)),
    file(`${DOC}/examples/edgegauge.yaml`, configFile()),
  ];
}

/** As `gzip -9n`: no name and no time in it. */
export function gzip(text: string): Uint8Array {
  return Bun.gzipSync(new TextEncoder().encode(text), { level: 9 });
}
