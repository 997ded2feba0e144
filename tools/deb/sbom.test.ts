/** The bill of materials of this checkout, as CycloneDX's own library reads it. */
import { describe, expect, test } from 'bun:test';
import { SPDX, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { ROOT } from '../../test/parts.ts';
import type { Arch } from '../runtime.ts';
import { readLock } from './lock.ts';
import { sbom } from './sbom.ts';

const made = (arch: Arch, date: string): string =>
  sbom({
    version: '1.0.0',
    arch,
    lock: readLock(ROOT),
    date,
    runtimeSha256: 'a'.repeat(64),
    binarySha256: 'b'.repeat(64),
  });

/** What is wrong with it, by the schema of CycloneDX 1.6 with nothing beside what that knows; null where nothing is. */
const mistakes = (text: string): Promise<unknown> =>
  new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);

interface Part {
  readonly 'bom-ref': string;
  readonly licenses: readonly { readonly expression: string }[];
  readonly components?: readonly Part[];
}

interface Bom {
  readonly metadata: { readonly component: Part };
  readonly components: readonly Part[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

function parts(bom: Bom): Part[] {
  const all = [bom.metadata.component, ...bom.components];
  return all.flatMap((part) => [part, ...(part.components ?? [])]);
}

describe('the bill of materials', () => {
  test('keeps to the schema', async () => {
    expect(await mistakes(made('x64', '2026-01-02T03:04:05Z'))).toBeNull();
    expect(await mistakes(made('arm64', 'unknown'))).toBeNull();
  });

  test('would be found out if it did not', async () => {
    expect(await mistakes(made('x64', 'yesterday'))).not.toBeNull();
    const text = made('x64', 'unknown').replace('"platform"', '"plattform"');
    expect(await mistakes(text)).not.toBeNull();
  });

  test('names every part once, and depends on nothing that it does not name', () => {
    const bom = JSON.parse(made('x64', 'unknown')) as Bom;
    const refs = parts(bom).map((part) => part['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    const needed = bom.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
    expect(needed.filter((ref) => !refs.includes(ref))).toEqual([]);
    // Each but the first is there because of another.
    const wanted = bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn);
    expect(refs.slice(1).filter((ref) => !wanted.includes(ref))).toEqual([]);
  });

  test('has licenses that SPDX knows', () => {
    const bom = JSON.parse(made('x64', 'unknown')) as Bom;
    const names = parts(bom).flatMap(({ licenses }) =>
      licenses.flatMap(({ expression }) => expression.split(/ (?:AND|OR) /)),
    );
    expect(names.filter((name) => !SPDX.isSupportedSpdxId(name))).toEqual([]);
  });
});
