import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network that an address is of, as one customer of a provider has it: the /24 of IPv4, the /56 of IPv6. `unknown`
 * for what is no address.
 */
export function networkOf(ip: string): string {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return 'unknown';
  const [one = 0, two = 0, three = 0, four = 0] = groupsOf(address);
  return `${[one, two, three, four & 0xff_00].map((group) => group.toString(16)).join(':')}::/56`;
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(gap, 0) }, () => '0'), ...after];
  return groups.map((group) => Number.parseInt(group, 16));
}
