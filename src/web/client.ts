/** Who a client is, as far as it cannot choose that itself. */

/** Groups of an IPv6 address that a site is given; what follows, anybody there may choose. */
const GROUPS = 4;

/** An IPv4 address itself, of an IPv6 address its network of 64 bits. */
export function clientOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const between = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, between)).fill('0'), ...after];
  return groups.slice(0, GROUPS).join(':').toLowerCase();
}
