import { expect, test } from 'bun:test';
import { Files } from './files.fixture.ts';
import { localZone } from './local-zone.ts';
import { tzif } from './tzif.fixture.ts';

const FILE = 'zone';
const zone = tzif({ types: [{ offset: 5400, abbreviation: 'ODD' }] });

test('localZone() reads the file that TZ names, with or without a colon', () => {
  using files = new Files({ [FILE]: zone });
  for (const tz of [`${files.root}/${FILE}`, `:${files.root}/${FILE}`]) {
    expect(localZone(0, tz)).toMatchObject({ abbreviation: 'ODD', offset: 5400 });
  }
});

test('localZone() is UTC when TZ is empty, or names nothing, or what it names is no zone file', () => {
  using files = new Files({ [FILE]: 'text' });
  for (const tz of ['', ':', 'No/Such/Zone', `${files.root}/${FILE}`]) {
    expect(localZone(0, tz)).toMatchObject({ abbreviation: 'UTC', offset: 0, until: Infinity });
  }
});
