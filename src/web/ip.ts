/**
 * What an IP address looks like. node:net says it too, but brings Node's streams along: two megabytes of
 * memory that nothing here uses.
 */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

export const isIPv4 = (text: string): boolean => IPV4.test(text);

/** With or without a zone (`fe80::1%eth0`). */
export function isIPv6(text: string): boolean {
  const [, address = '', last = ''] =
    /^([0-9a-f:]*:)([0-9a-f.]*)(?:%[0-9a-z.:_-]+)?$/i.exec(text) ?? [];
  // An IPv4 address at the end stands for two groups.
  const whole = address + (isIPv4(last) ? '0:0' : last);
  const halves = whole.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = halves.flat();
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : halves.length === 1 && groups.length === 8;
}
