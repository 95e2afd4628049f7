import { isIPv6 } from 'node:net';

import type { Cache } from '@volna/platform/cache';
import type { Caller } from '@volna/platform/identity';

import { RateLimitError, type Budget, type RateLimits } from './rate-limits.ts';
import { SharedCounts } from './shared-counts.ts';

/** Who asks, and what the program calls itself that it uses. */
export interface Asking {
  readonly caller: Caller;
  readonly client?: string | undefined;
}

/** Throws `RateLimitError` for what a caller's budget does not allow. */
export interface RateLimiter extends Disposable {
  takeRequest(asking: Asking): void;
  takeCost(asking: Asking, cost: number): void;
}

export function createRateLimiter(cache: Cache, limits: RateLimits): RateLimiter {
  const counts = new SharedCounts(cache);

  function take({ caller, client = '' }: Asking, asked: Budget): void {
    const { viewer, ip } = caller;
    const key = viewer ? viewer.userId : networkOf(ip);
    const limit = viewer ? limits.user : limits.stranger;
    const share = Object.hasOwn(limits.clients, client) ? limits.clients[client] : undefined;
    let wait = 0;
    if (share !== undefined) wait = counts.take(`${key} ${client}`, asked, shareOf(limit, share));
    wait ||= counts.take(key, asked, limit);
    if (wait > 0) throw new RateLimitError(wait);
  }

  return {
    takeRequest: (asking) => take(asking, { requests: 1, cost: 0 }),
    takeCost: (asking, cost) => take(asking, { requests: 0, cost }),
    [Symbol.dispose]: () => counts[Symbol.dispose](),
  };
}

function shareOf({ requests, cost }: Budget, share: number): Budget {
  return { requests: Math.floor(requests * share), cost: Math.floor(cost * share) };
}

/** What one customer of a network has: an IPv4 address, or the first half of an IPv6 address. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head.split(':').filter(Boolean);
  const last = (tail ?? '').split(':').filter(Boolean);
  const middle = tail === undefined ? [] : Array.from({ length: 8 - groups.length - last.length }, () => '0');
  const all = [...groups, ...middle, ...last].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${all.slice(0, 4).join(':')}::/64`;
}
