/**
 * The real node_exporter and edgegauge read the same machines: each family of a collector that edgegauge
 * has is there with the same type, labels and values, but for what test/differences.ts lists.
 */
import { expect } from 'bun:test';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILESYSTEM_MOUNT_POINTS, FILESYSTEM_TYPES } from '../../src/catalog/host/filesystem.ts';
import type { Where } from '../differences.ts';
import { type Running, ready, scrape, settled, start } from '../edgegauge.ts';
import { NodeExporter } from '../node-exporter.ts';
import { testWith } from '../parts.ts';
import { MACHINES, materialise } from '../trees/write.ts';
import { compare, type Found, idle, read, unexplained } from './compare.ts';

/** Debian patches the defaults of the first two, and has the last on, which needs D-Bus. */
const AS_UPSTREAM = [
  `--collector.filesystem.mount-points-exclude=${FILESYSTEM_MOUNT_POINTS}`,
  `--collector.filesystem.fs-types-exclude=${FILESYSTEM_TYPES}`,
  '--no-collector.systemd',
];
/** Netlink tells of the live machine alone. */
const FROM_FILES = ['--no-collector.arp.netlink', '--no-collector.netdev.netlink'];

/** A value that went up and down again between two reads differs once, a wrong one every time. */
const ROUNDS = 10;

async function round(running: Running, exporter: NodeExporter): Promise<Map<string, Found>> {
  const before = read(await scrape(running));
  const theirs = read(await exporter.scrape());
  // What devices say is as old as their last sample: newer than node_exporter's only now.
  await settled(running);
  return compare(theirs, before, read(await scrape(running)));
}

/** What differs in every round. */
async function differences(
  where: Where,
  running: Running,
  exporter: NodeExporter,
): Promise<Map<string, Found>> {
  const found = await round(running, exporter);
  for (let i = 1; i < ROUNDS && unexplained(found, where).length > 0; i++) {
    const again = await round(running, exporter);
    for (const key of found.keys()) if (!again.has(key)) found.delete(key);
  }
  return found;
}

async function differ(
  where: Where,
  program: string,
  flags: readonly string[],
  theirFlags: readonly string[],
): Promise<Map<string, Found>> {
  const env = { TZ: 'UTC' };
  await using running = await start([...flags, '--dialect=node', '--poll.interval=50ms'], { env });
  await using exporter = await NodeExporter.start(program, 'default', [
    ...flags,
    ...AS_UPSTREAM,
    ...theirFlags,
  ]);
  await ready(running);
  await settled(running);
  return await differences(where, running, exporter);
}

for (const name of MACHINES) {
  testWith(
    ['nodeExporter'],
    `edgegauge says of the ${name} machine what node_exporter says`,
    async ({ nodeExporter }) => {
      using machine = materialise(name);
      const found = await differ(name, nodeExporter, machine.flags, FROM_FILES);
      expect(unexplained(found, name)).toEqual([]);
      expect(idle(found, name)).toEqual([]);
    },
  );
}

testWith(
  ['nodeExporter'],
  'edgegauge says of this machine what node_exporter says, within the time between two reads',
  async ({ nodeExporter }) => {
    const textfile = mkdtempSync(join(tmpdir(), 'edgegauge-textfile-'));
    try {
      const flags = [`--collector.textfile.directory=${textfile}`];
      const found = await differ('live', nodeExporter, flags, []);
      expect(unexplained(found, 'live')).toEqual([]);
    } finally {
      rmdirSync(textfile);
    }
  },
);
