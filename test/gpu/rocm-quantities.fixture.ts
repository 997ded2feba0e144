/** Prints what both back ends know of every card in /sys, by address and quantity. `argv[2]`: the library. */

import type { Backend, Card } from '../../src/gpu/amd/backend.ts';
import { findCards } from '../../src/gpu/amd/cards.ts';
import { AMD_GROUPS, at, newQuantities, quantitiesOf } from '../../src/gpu/amd/quantities.ts';
import { rocmBackend } from '../../src/gpu/amd/rocm-backend.ts';
import { sysfsBackend } from '../../src/gpu/amd/sysfs-backend.ts';

/** Undefined for a card that a back end does not have. */
function read(backend: Backend, card: Card): Record<string, number> | undefined {
  const reader = backend.attach(card);
  if (reader === undefined) return undefined;
  const all = newQuantities();
  reader.begin?.();
  for (const group of AMD_GROUPS) reader.read(group, all);
  const known = AMD_GROUPS.flatMap((group) => [...quantitiesOf(group)]).filter(
    (quantity) => !Number.isNaN(all[at(quantity)]),
  );
  return Object.fromEntries(known.map((quantity) => [quantity, all[at(quantity)] as number]));
}

const library = rocmBackend({ library: process.argv[2] ?? '' });
const sysfs = sysfsBackend({ complain: () => {} });
library.open();
const cards = findCards('/sys').map((card) => [
  card.address,
  { library: read(library, card), sysfs: read(sysfs, card) },
]);
// The library prints on standard output too.
console.log(`\n${JSON.stringify({ version: library.version, cards: Object.fromEntries(cards) })}`);
