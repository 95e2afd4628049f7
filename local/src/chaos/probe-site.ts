import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import type { Binary } from '@volna/platform/binaries';

import { makeTune } from '../testing/audio.ts';
import { outcome } from '../testing/uploads.ts';
import type { DeployedSite } from './open-site.ts';
import { type Hindrances, sendInsistently } from './send-insistently.ts';

const LOOK_MS = 50;
/** A track that has not ended by then never will. */
const ENDED_MS = 180_000;

/** One request as a client sees it. */
export interface Answered {
  readonly ms: number;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly codes: readonly string[];
}

/** Asks the gateway something, as the owner, and says how that went. */
export async function probe(
  { endpoint, owner }: DeployedSite,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answered> {
  const begun = Date.now();
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.accessToken}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] } = (await response.json()) as {
      data?: Answered['data'];
      errors?: { extensions?: { code?: string } }[];
    };
    const codes = errors.map(({ extensions }) => extensions?.code ?? 'UNKNOWN');
    return { ms: Date.now() - begun, status: response.status, data, codes };
  } catch {
    return { ms: Date.now() - begun, status: 0, data: null, codes: ['SERVER_GONE'] };
  }
}

/** A stranger's answers may be old ones; the owner's are not. */
export const FROM_CATALOG = '{ tracks(first: 1) { edges { node { id title } } } }';
export const FROM_SEARCH = '{ search(query: "storm") { tracks { totalCount } } }';

export const isWell = ({ status, codes }: Answered) => status === 200 && codes.length === 0;

/** How long it takes until it is so; throws when it does not come. */
export async function msUntil(
  what: string,
  isSo: () => Promise<boolean>,
  withinMs = 120_000,
): Promise<number> {
  const begun = Date.now();
  while (!(await isSo().catch(() => false))) {
    if (Date.now() - begun > withinMs) throw new Error(`waited in vain until ${what}`);
    await pause(LOOK_MS);
  }
  return Date.now() - begun;
}

/** Asks again and again until it is told to stop; gives the answers. */
export function keepAsking(ask: () => Promise<Answered>): { stop(): Promise<readonly Answered[]> } {
  const answers: Answered[] = [];
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      answers.push(await ask());
      await pause(LOOK_MS);
    }
  })();
  return {
    async stop() {
      over.abort();
      await asking;
      return answers;
    },
  };
}

export const slowest = (answers: readonly Answered[]) => Math.max(0, ...answers.map(({ ms }) => ms));

/** A short song of its own name. */
export async function makeSong(site: DeployedSite, ffmpeg: Binary, name: string): Promise<Buffer> {
  const root = 110 + 10 * (name.length % 40);
  return readFile(await makeTune(ffmpeg, site.volna.directory, { name, format: 'flac', seconds: 12, root }));
}

/** Sends a song however often that takes; gives the track and how often something failed. */
export async function sendSong(site: DeployedSite, ffmpeg: Binary, name: string) {
  const hindrances: Hindrances = { count: 0 };
  const bytes = await makeSong(site, ffmpeg, name);
  const trackId = await sendInsistently(site, `${name}.flac`, bytes, hindrances);
  return { trackId, hindrances: hindrances.count };
}

/** How a track's processing ends, whatever happens to the subscription meanwhile. */
export async function endOf(site: DeployedSite, trackId: string): Promise<string> {
  for (const late = Date.now() + ENDED_MS; Date.now() < late;) {
    const end = await outcome(site.owner.api, trackId).catch(() => undefined);
    if (end && end.status !== 'PROCESSING') return end.code ? `${end.status}(${end.code})` : end.status;
    await pause(LOOK_MS);
  }
  return 'LOST';
}
