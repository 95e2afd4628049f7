import { createHmac } from 'node:crypto';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

import { checkOutsideUrl, mayConnect, type OutsideRules, UrlRefusedError } from '@volna/platform/outside-url';

/** A check that is met no more, or again. */
export interface Alert {
  readonly check: string;
  readonly state: 'FAILING' | 'RESOLVED';
  readonly value: number | null;
  readonly message: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Throws where the alerts did not arrive. */
export type TellAlert = (alerts: readonly Alert[]) => Promise<void>;

export interface WebhookOptions {
  readonly url: string;
  /** Signs what is sent; without it nothing is signed. */
  readonly secret?: string | undefined;
  readonly rules: OutsideRules;
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MS = 10_000;

/**
 * Posts alerts as JSON to where the operator wants them: `{"alerts":[…]}`, with `x-volna-signature: sha256=…`, the HMAC
 * of the body. It goes to no address that the rules do not allow, whatever its name leads to, and follows no redirect.
 */
export function createWebhook({
  url: text,
  secret,
  rules,
  lookup = systemLookup,
}: WebhookOptions): TellAlert {
  const url = checkOutsideUrl(text, rules);
  return (alerts) => {
    const body = JSON.stringify({ alerts });
    const signature = secret && `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'volna-analytics',
      ...(signature ? { 'x-volna-signature': signature } : {}),
    };
    return post(url, body, { method: 'POST', headers, lookup: checkedLookup(rules, lookup), agent: false });
  };
}

function post(url: URL, body: string, options: RequestOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
    response.resume();
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) resolve();
    else reject(new Error(`the webhook answered ${status}`));
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** One address that may not be connected to is enough to refuse the name. */
function checkedLookup(rules: OutsideRules, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (err, found) => {
      if (err) return callback(err, '');
      const addresses = found as unknown as LookupAddress[];
      if (addresses.length === 0 || !addresses.every(({ address }) => mayConnect(address, hostname, rules))) {
        return callback(new UrlRefusedError('the name leads to an address that nothing is sent to'), '');
      }
      if (options.all) return callback(null, addresses);
      const [{ address, family } = { address: '', family: 0 }] = addresses;
      callback(null, address, family);
    });
  };
}
