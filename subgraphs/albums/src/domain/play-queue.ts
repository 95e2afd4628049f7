import { createHash } from 'node:crypto';

import { ClientError } from '@volna/platform/errors';
import { type Connection, type Page, toConnection } from '@volna/platform/pagination';

import type { QueuePlace } from '../loaders/queue-places.ts';

export interface QueueItem {
  readonly track: { readonly id: string };
  readonly startMs: number | null;
  readonly isGapless: boolean;
}

interface Wish {
  readonly startTrackId?: string | null | undefined;
  readonly shuffleSeed?: number | null | undefined;
}

/** The tracks of an album in the order in which they are played, one page of it. */
export function toPlayQueue(
  places: readonly QueuePlace[],
  wish: Wish,
  page: Page<number>,
): Connection<QueueItem> {
  const items = toItems(arrange(places, wish));
  const begin = page.after === null ? 0 : page.after + 1;
  const { edges, pageInfo } = toConnection(items.slice(begin, begin + page.take), page, ({ at }) => at);
  return { edges, pageInfo };
}

/** From a track on to the end; or all, shuffled, that track first. One seed gives one order. */
function arrange(places: readonly QueuePlace[], { startTrackId, shuffleSeed }: Wish): readonly QueuePlace[] {
  const start = startTrackId == null ? 0 : places.findIndex(({ id }) => id === startTrackId);
  if (start === -1) throw new ClientError('NOT_FOUND', 'the track is not on this album');
  if (shuffleSeed == null) return places.slice(start);
  const first = startTrackId == null ? [] : places.slice(start, start + 1);
  const others = places.filter((place) => !first.includes(place));
  const keys = new Map(others.map((place) => [place, keyOf(shuffleSeed, place)]));
  return [...first, ...others.toSorted((a, b) => ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1))];
}

/** A track that comes to the album later finds its place between the others, which stay in their order. */
function keyOf(seed: number, { id }: QueuePlace): string {
  return createHash('sha256').update(`${seed} ${id}`).digest('hex');
}

function toItems(queue: readonly QueuePlace[]): (QueueItem & { readonly at: number })[] {
  let startMs: number | null = 0;
  return queue.map(({ id, disc, position, durationMs }, at) => {
    const before = queue[at - 1];
    const isGapless = before?.disc === disc && before.position === position - 1;
    const item = { at, track: { id }, startMs, isGapless };
    startMs = startMs === null || durationMs === null ? null : startMs + durationMs;
    return item;
  });
}
