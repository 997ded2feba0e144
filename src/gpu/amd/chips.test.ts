import { expect, test } from 'bun:test';
import { draws, tellsEnergy } from './chips.ts';

test.each([
  ['MI300X', '0x120000', '0x74a1', { energy: true, draws: false }],
  ['MI210', '0x038000', '0x740f', { energy: true, draws: false }],
  ['MI100', '0x038000', '0x738c', { energy: false, draws: false }],
  ['Radeon RX 7900 XTX', '0x030000', '0x744c', { energy: false, draws: true }],
  ['the Radeon RX 7600S of a laptop', '0x038000', '0x7480', { energy: false, draws: true }],
])('%s', (_, pciClass, device, known) => {
  const kind = { class: pciClass, device };
  expect({ energy: tellsEnergy(kind), draws: draws(kind) }).toEqual(known);
});
