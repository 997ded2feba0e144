import { describe, expect, test } from 'bun:test';
import { statfsSync } from 'node:fs';
import { HangFs } from '../../../test/fakes/hangfs.ts';
import { NodeExporter } from '../../../test/node-exporter.ts';
import { testWith } from '../../../test/parts.ts';
import { errorText } from './errors.ts';

function statfsError(path: string): unknown {
  try {
    statfsSync(path);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('errorText()', () => {
  test('is the text alone, whatever is in the path', () => {
    expect(errorText(statfsError('/no, such: file'))).toBe('no such file or directory');
    expect(errorText(statfsError('/proc/self/comm/x\ny, z'))).toBe('not a directory');
  });

  // Errors of file systems that ask a disk, a server or a program: each is as node_exporter has it.
  const errors = [
    1, 2, 5, 6, 11, 12, 13, 16, 19, 20, 22, 30, 36, 38, 40, 62, 67, 70, 71, 74, 75,
  ].concat(
    [95, 100, 101, 103, 104, 107, 108, 110, 111, 112, 113, 116, 117, 121, 122, 123, 124],
    [125, 126, 127, 128, 129],
  );
  testWith(['fuse', 'nodeExporter'], 'says what node_exporter says', async ({ nodeExporter }) => {
    await using fs = await HangFs.mount();
    const include = `--collector.filesystem.mount-points-include=^${fs.path}$`;
    await using exporter = await NodeExporter.start(nodeExporter, ['filesystem'], [include]);
    const theirs: (string | undefined)[] = [];
    const ours: (string | undefined)[] = [];
    for (const errno of errors) {
      await fs.fail(errno);
      const page = await exporter.scrape();
      theirs.push(/node_filesystem_device_error\{[^}]*device_error="([^"]*)"/.exec(page)?.[1]);
      ours.push(errorText(statfsError(fs.path)));
    }
    expect(ours).toEqual(theirs);
    expect(theirs).not.toContain(undefined);
  });
});
