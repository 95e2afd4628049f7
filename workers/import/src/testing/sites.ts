import { createServer, type RequestListener } from 'node:http';
import type { LookupFunction } from 'node:net';

import { newId } from '@volna/events';
import { drain, listen } from '@volna/platform/http';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { readOutsideRules } from '@volna/platform/outside-url';
import { openScratch } from '@volna/platform/scratch';

import { fetchFile, type FetchDeps } from '../fetch/fetch-file.ts';

export interface Site extends AsyncDisposable {
  readonly port: number;
  /** Paths that were asked for. */
  readonly asked: string[];
}

/** A real HTTP server on an address of this machine. */
export async function openSite(answer: RequestListener, host = '127.0.0.1'): Promise<Site> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  const port = await listen(server, 0, host);
  return {
    port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await drain(server);
    },
  };
}

/** A resolver that gives a name these addresses, the next ones each time that it is asked. */
export function stubLookup(
  ...answers: readonly (readonly string[])[]
): LookupFunction & { times: () => number } {
  let asked = 0;
  const lookup: LookupFunction = (_name, _options, callback) => {
    const found = answers[Math.min(asked++, answers.length - 1)] ?? [];
    const addresses = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() => callback(null, addresses));
  };
  return Object.assign(lookup, { times: () => asked });
}

/** A store, and files fetched into it one after the other. */
export async function openFetcher() {
  await using opening = new AsyncDisposableStack();
  const scratch = opening.use(await openScratch());
  const directory = scratch.path('store');
  const objects = opening.use(await DirectoryObjects.open({ directory, signingKey: 'a key of the tests' }));
  const opened = opening.move();
  return {
    objects,
    /** The result, and the shares that were reported. */
    async fetch(
      url: string,
      more: Partial<FetchDeps> & { ports: number[]; allow?: string[]; maxBytes?: number },
    ) {
      const { ports, allow = ['127.0.0.1'], maxBytes = 1_000_000, ...deps } = more;
      const shares: number[] = [];
      const outside = readOutsideRules({ allow, ports });
      const order = { jobId: newId('Job'), attempt: 1, url, objectKey: 'fetched/one', maxBytes };
      const report = (_stage: string, share: number) => void shares.push(share);
      const context = { signal: new AbortController().signal, report };
      return { ...(await fetchFile({ objects, outside, ...deps }, order, context)), shares };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
