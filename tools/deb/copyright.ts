/** The machine-readable copyright file: packaging/deb/copyright with the npm packages of the lock file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NpmPackage, readLock, runtimePackages } from './lock.ts';

/** Debian's short names where they differ from SPDX. */
const SHORT: Readonly<Record<string, string>> = {
  MIT: 'Expat',
  'BSD-2-Clause': 'BSD-2-clause',
  'BSD-3-Clause': 'BSD-3-clause',
};

/** Throws when a package's licence is not among those whose text the file has. */
export function copyright(root: string): string {
  const template = readFileSync(join(root, 'packaging/deb/copyright'), 'utf8');
  const [, after = ''] = template.split('@NPM@');
  const texts = new Set([...after.matchAll(/^License: (.+)$/gm)].map(([, name]) => name));
  const stanzas = runtimePackages(readLock(root)).map((p) => {
    const license = SHORT[p.license] ?? p.license;
    if (!texts.has(license)) {
      throw new Error(
        `packaging/deb/copyright has no text of ${license}, the licence of ${p.name}`,
      );
    }
    return `Files: node_modules/${p.name}/*\nCopyright: ${holder(root, p)}\nLicense: ${license}\n`;
  });
  return template.replace('@NPM@\n', `${stanzas.join('\n')}\n`);
}

/** As the package's own licence file has it; the Apache licence names nobody. */
function holder(root: string, { name }: NpmPackage): string {
  const dir = join(root, 'node_modules', name);
  const file = readdirSync(dir).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(dir, file), 'utf8');
  const said = /^\s*Copyright (?:\([cC]\) )?([\dA-Z][^[\n]*)$/m.exec(text)?.[1]?.trim();
  return said ?? `${name} authors`;
}
