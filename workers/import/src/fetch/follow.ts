import type { Readable } from 'node:stream';

import { JobError } from '@volna/platform/job-progress';
import { checkOutsideUrl, type OutsideRules } from '@volna/platform/outside-url';
import { type Dispatcher, request } from 'undici';

export interface Answer {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const RETRY = new Set([408, 425, 429]);

const HEADERS = {
  accept: 'audio/*, application/ogg, application/octet-stream;q=0.8, */*;q=0.1',
  // what is audio is compressed already; a server that compresses it all the same is coped with
  'accept-encoding': 'identity',
  'user-agent': 'Volna',
};

/** Asks for a file, and where that leads elsewhere asks there, each time by the same rules. */
export async function follow(
  dispatcher: Dispatcher,
  rules: OutsideRules,
  from: string,
  signal: AbortSignal,
): Promise<Answer> {
  let url = checkOutsideUrl(from, rules);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    // oxlint-disable-next-line no-await-in-loop -- each tells where the next one goes
    const { statusCode, headers, body } = await request(url, { dispatcher, signal, headers: HEADERS });
    if (statusCode === 200) return { url, headers, body };
    // what else the server says is of no interest, and may be without end
    body.on('error', () => undefined).destroy();
    if (!REDIRECTS.has(statusCode)) throw refusalOf(statusCode);
    url = checkOutsideUrl(placeOf(headers.location, url), rules);
  }
  throw new JobError('TOO_MANY_REDIRECTS', `the server sends on more than ${MAX_REDIRECTS} times`);
}

function placeOf(location: string | string[] | undefined, base: URL): string {
  const place = typeof location === 'string' ? URL.parse(location, base.href) : null;
  if (!place) throw new JobError('FETCH_FAILED', 'the server sends on to nowhere');
  return place.href;
}

function refusalOf(status: number): JobError {
  const mayPass = status >= 500 || RETRY.has(status);
  return new JobError('FETCH_FAILED', `the server answers with status ${status}`, mayPass);
}
