import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';

import { mayConnect, type OutsideRules, UrlRefusedError } from '@volna/platform/outside-url';
import { Agent, buildConnector } from 'undici';

/** How long one step of the way to a first byte may take. */
const STEP_MS = 10_000;

export type Lookup = LookupFunction;

/**
 * Connects to what the rules let it, whatever a name was resolved to before: the addresses that a connection is opened
 * to are checked as they are resolved for it, and the one that it has ended at once more. It knows no proxy.
 */
export function openAgent(rules: OutsideRules, lookup: Lookup = systemLookup): Agent {
  const connect = buildConnector({ timeout: STEP_MS, lookup: checkedLookup(rules, lookup), allowH2: false });
  return new Agent({
    headersTimeout: STEP_MS,
    bodyTimeout: STEP_MS,
    pipelining: 0,
    connect(options, callback) {
      const { hostname } = options;
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      // an address is connected to without any look-up
      if (isIP(host) > 0 && !mayConnect(host, host, rules)) return callback(refused(), null);
      connect(options, (err, socket) => {
        if (err || !socket) return callback(err ?? new Error('no socket'), null);
        if (isWhereItMayBe(socket, host, rules)) return callback(null, socket);
        socket.destroy();
        callback(refused(), null);
      });
    },
  });
}

/** One address that may not be connected to is enough to refuse the name. */
function checkedLookup(rules: OutsideRules, lookup: Lookup): Lookup {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (err, found) => {
      if (err) return callback(err, '');
      const addresses = found as unknown as LookupAddress[];
      if (addresses.length === 0 || !addresses.every(({ address }) => mayConnect(address, hostname, rules))) {
        return callback(refused(), '');
      }
      if (options.all) return callback(null, addresses);
      const [{ address, family } = { address: '', family: 0 }] = addresses;
      callback(null, address, family);
    });
  };
}

function isWhereItMayBe({ remoteAddress }: Socket, host: string, rules: OutsideRules): boolean {
  return remoteAddress !== undefined && mayConnect(remoteAddress, host, rules);
}

const refused = () => new UrlRefusedError('the name leads to an address that nothing is fetched from');
