/** What package-lock.json says of the npm packages that are part of the binary. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** One npm package of the binary. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** `sha512-<base64>` of its tarball. */
  readonly integrity: string;
  /** Names of those among these packages that it needs. */
  readonly needs: readonly string[];
}

export function readLock(root: string): Lock {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
}

/**
 * Everything that package.json's `dependencies` lead to, by name. Peers are left out: npm locks optional ones
 * too, a compiler among them, and the binary has none. Throws where the lock file does not say all.
 */
export function runtimePackages(lock: Lock): NpmPackage[] {
  const found = new Map<string, NpmPackage>();
  const pending = Object.keys(lock.packages['']?.dependencies ?? {});
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    const { version, license, integrity, dependencies } =
      lock.packages[`node_modules/${name}`] ?? {};
    if (version === undefined || license === undefined || integrity === undefined) {
      throw new Error(`package-lock.json lacks version, license or integrity of ${name}`);
    }
    const needs = Object.keys(dependencies ?? {}).sort();
    found.set(name, { name, version, license, integrity, needs });
    pending.push(...needs);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
