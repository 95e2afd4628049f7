import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '../demo/random.ts';
import { outcome } from '../testing/uploads.ts';
import { type Audit, audit, countUnfinished } from './audit.ts';
import { type Hindrances, sendInsistently } from './send-insistently.ts';
import type { Site } from './site.ts';
import { startStorm, type Victim } from './storm.ts';
import { type Watched, watchFickly } from './watch-fickly.ts';

export interface StormOptions {
  readonly uploads: number;
  /** How many people send at a time, each the next file once the last one's processing has ended; without it nobody waits. */
  readonly senders?: number;
  /**
   * How long an upload takes where the storm's times are meant for. The first one is sent before the storm, and where that
   * takes longer, as on a machine that is busy, the storm is as much slower; without it times are as the victims say.
   */
  readonly usualMs?: number;
  /** A file of its own for each upload. */
  makeFile(nth: number): Promise<Uint8Array>;
  readonly victims: readonly Victim[];
  readonly random: Random;
  /** Whether the storm may end, once all is sent. */
  isEnough(storm: { readonly strikes: ReadonlyMap<string, number>; readonly unfinished: number }): boolean;
  /** How long everything may take after the storm; a minute unless told. */
  readonly calmMs?: number;
  readonly tell: (what: string) => void;
}

export interface Weathered extends Audit {
  readonly strikes: ReadonlyMap<string, number>;
  /** Requests of uploaders that failed and were sent again. */
  readonly hindrances: number;
  readonly disconnects: number;
  /** How many times as long as usual an upload takes here, and with it the storm. */
  readonly slowness: number;
  readonly stormMs: number;
  /** From the end of the storm until no track was in processing, and until everything else was in order. */
  readonly endedMs: number;
  readonly orderMs: number;
  /** The longest that a client who comes again waits for the last state. */
  readonly lastStateMs: number;
}

const LANES = 4;
const LOOK_MS = 250;
const TELL_MS = 10_000;
/** G1: everything has ended a minute after the storm. */
export const CALM_MS = 60_000;
/** A storm that leaves nobody the time to work proves nothing; it is ended all the same. */
const LONGEST_STORM_MS = 45 * 60_000;
const REVISITS = 20;

/** Uploads through a storm, and looks afterwards whether all is as if there had been none. */
export async function weatherStorm(site: Site, options: StormOptions): Promise<Weathered> {
  const { uploads, victims, random, tell, calmMs = CALM_MS } = options;
  const over = Promise.withResolvers<void>();
  const sending = startSending(site, options, over.promise);
  const { trackIds, watched, hindrances } = sending;
  const slowness = options.usualMs === undefined ? 1 : await slownessOf(sending, options.usualMs);
  if (slowness > 1) tell(`here an upload takes ${slowness.toFixed(1)} times as long as usual`);
  const begun = Date.now();
  await using storm = startStorm(victims, random, slowness);
  const sent = sending.sendAll();
  let toldAt = 0;
  const unfinished = async () => {
    // the database may be away
    const left = await countUnfinished(site, trackIds).catch(() => trackIds.length);
    if (Date.now() - toldAt > TELL_MS) {
      toldAt = Date.now();
      tell(`${trackIds.length} of ${uploads} sent, ${left} in processing; ${say(storm.strikes)}`);
    }
    return left;
  };
  const isOver = async () => {
    const left = await unfinished();
    if (!storm.isRaging()) return true;
    const { strikes } = storm;
    return trackIds.length === uploads && options.isEnough({ strikes, unfinished: left });
  };
  await until(isOver, LONGEST_STORM_MS);
  await storm.end();
  over.resolve();
  await sent;

  const calm = Date.now();
  await until(async () => (await unfinished()) === 0, calmMs);
  const endedMs = Date.now() - calm;
  let found = await audit(site, trackIds);
  await until(async () => {
    found = await audit(site, trackIds);
    return found.problems.length === 0;
  }, calmMs - endedMs);
  const orderMs = Date.now() - calm;

  const { lastStateMs, problems } = await revisit(site, trackIds);
  const seen = await seenBy(watched);
  return {
    ...found,
    problems: [...found.problems, ...problems, ...seen.problems],
    strikes: storm.strikes,
    hindrances: hindrances.count,
    disconnects: seen.disconnects,
    slowness,
    stormMs: calm - begun,
    endedMs,
    orderMs,
    lastStateMs,
  };
}

interface Sending {
  readonly trackIds: readonly string[];
  readonly watched: readonly Promise<Watched>[];
  readonly hindrances: Hindrances;
  /** Resolves with the upload; `watching` with the end of its processing. */
  sendNext(): Promise<{ readonly watching: Promise<Watched> } | null>;
  sendAll(): Promise<unknown>;
}

function startSending(site: Site, options: StormOptions, over: Promise<void>): Sending {
  const { uploads, senders, random } = options;
  const trackIds: string[] = [];
  const watched: Promise<Watched>[] = [];
  const hindrances = { count: 0 };
  let next = 0;
  const sendNext = async () => {
    if (next === uploads) return null;
    const nth = next++;
    const name = `storm ${String(nth).padStart(3, '0')}.flac`;
    const trackId = await sendInsistently(site, name, await options.makeFile(nth), hindrances);
    trackIds.push(trackId);
    const watching = watchFickly(site, trackId, random);
    watched.push(watching);
    return { watching };
  };
  const sendOneByOne = async () => {
    for (let sent = await sendNext(); sent; sent = await sendNext())
      if (senders !== undefined) await Promise.race([sent.watching, over]);
  };
  const sendAll = () => Promise.all(Array.from({ length: senders ?? LANES }, sendOneByOne));
  return { trackIds, watched, hindrances, sendNext, sendAll };
}

/** How much longer than usual an upload takes that has the machine to itself; 1 where it takes no longer. */
async function slownessOf(sending: Sending, usualMs: number): Promise<number> {
  const begun = Date.now();
  const sent = await sending.sendNext();
  await sent?.watching;
  return Math.max(1, (Date.now() - begun) / usualMs);
}

/** `worker 3, broker 1` */
export function say(strikes: ReadonlyMap<string, number>): string {
  return [...strikes].map(([name, count]) => `${name} ${count}`).join(', ');
}

async function until(isSo: () => Promise<boolean>, withinMs: number): Promise<void> {
  const late = Date.now() + withinMs;
  while (!(await isSo()) && Date.now() < late) await pause(LOOK_MS);
}

/** Clients that come again are told the last state at once. */
async function revisit(site: Site, trackIds: readonly string[]) {
  let lastStateMs = 0;
  const problems: string[] = [];
  for (const trackId of trackIds.slice(0, REVISITS)) {
    const begun = Date.now();
    const last = await outcome(site.owner.api, trackId);
    lastStateMs = Math.max(lastStateMs, Date.now() - begun);
    if (last?.status === 'PROCESSING' || !last) problems.push(`${trackId}: no last state is told`);
  }
  return { lastStateMs, problems };
}

/** Each of those who came and went has seen the end. */
async function seenBy(watched: readonly Promise<Watched>[]) {
  const late = new AbortController();
  const nobody = pause(CALM_MS, null, { signal: late.signal }).catch(() => null);
  const ends = await Promise.all(watched.map((each) => Promise.race([each, nobody])));
  late.abort();
  const blind = ends.filter((end) => end === null).length;
  return {
    disconnects: ends.reduce((sum, end) => sum + (end?.disconnects ?? 0), 0),
    problems: blind > 0 ? [`${blind} clients never saw how their track ended`] : [],
  };
}
