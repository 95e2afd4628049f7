import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** Where a server may go on behalf of a person who gives it a URL. */
export interface OutsideRules {
  readonly ports: ReadonlySet<number>;
  /** Names that the operator trusts, whatever address they have. */
  readonly hosts: ReadonlySet<string>;
  /** Networks that the operator opens beside the public ones. */
  readonly networks: readonly Network[];
}

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** The URL, or an address that it leads to, is not one that a person may send this server to. */
export class UrlRefusedError extends Error {
  override name = 'UrlRefusedError';
}

const MAX_URL = 2_000;
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');
/** Public by its number, yet only ever answered by a cloud's own machines. */
const METADATA = ipaddr.parseCIDR('168.63.129.16/32');

const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== ''));

/** What a process is told of where it may go; part of its config. */
export const outsideSettings = {
  /** Host names, addresses and networks (`10.0.0.0/8`) that may be fetched from though they are not public. */
  FETCH_ALLOW: list.pipe(z.array(z.string().refine(isRule, 'a host name, an address or a network'))),
  FETCH_PORTS: z
    .string()
    .default('80,443')
    .transform((text) => text.split(/[\s,]+/).map(Number))
    .pipe(z.array(z.int().min(1).max(65_535)).min(1)),
};

const isNetwork = (entry: string) => entry.includes('/') || isIP(entry) > 0;

/** Public addresses on the two usual ports, unless told more. */
export function readOutsideRules({
  allow = [],
  ports = [80, 443],
}: { readonly allow?: readonly string[]; readonly ports?: readonly number[] } = {}): OutsideRules {
  return {
    ports: new Set(ports),
    hosts: new Set(allow.filter((entry) => !isNetwork(entry)).map((name) => name.toLowerCase())),
    networks: allow.filter(isNetwork).map(toNetwork),
  };
}

/**
 * The URL in its canonical form, in which an address is written in one way only: `http://0x7f.1` is
 * `http://127.0.0.1/`. Names are not looked up here: `mayConnect` has to be asked of each address that is connected to.
 */
export function checkOutsideUrl(text: string, rules: OutsideRules): URL {
  const url = text.length <= MAX_URL ? URL.parse(text) : null;
  if (!url) throw new UrlRefusedError('this is no URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UrlRefusedError('a URL begins with http or https');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UrlRefusedError('a URL holds no name and no password');
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (!rules.ports.has(port)) throw new UrlRefusedError(`nothing is fetched from port ${port}`);
  url.hash = '';
  const host = hostOf(url);
  if (isIP(host) > 0 && !mayConnect(host, host, rules)) {
    throw new UrlRefusedError('nothing is fetched from such an address');
  }
  return url;
}

/** The host as a resolver takes it: an IPv6 address without its brackets, a name without its last dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** Whether a connection to an address, found under a name, may be opened: to public ones, and to those allowed. */
export function mayConnect(address: string, host: string, rules: OutsideRules): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (rules.hosts.has(host.toLowerCase())) return true;
  return rules.networks.some((network) => isWithin(parsed, network)) || isPublic(parsed);
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (isWithin(address, METADATA)) return false;
  // what carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo) is another range, or outside of 2000::/3
  if (address.kind() === 'ipv6' && !isWithin(address, GLOBAL_UNICAST_V6)) return false;
  return address.range() === 'unicast';
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function toNetwork(entry: string): Network {
  return entry.includes('/')
    ? ipaddr.parseCIDR(entry)
    : ipaddr.parseCIDR(`${entry}/${isIP(entry) === 4 ? 32 : 128}`);
}

function isRule(entry: string): boolean {
  if (entry.includes('/')) return ipaddr.isValidCIDR(entry);
  return isIP(entry) > 0 || /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(entry);
}
