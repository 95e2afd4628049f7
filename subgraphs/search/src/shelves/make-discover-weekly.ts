import type { Deps } from '../context.ts';
import { spaceArtists } from '../ranking/space-artists.ts';
import { listAnchors } from '../taste/list-anchors.ts';
import { chance } from '../wave/chance.ts';
import { listPopular } from './list-popular.ts';
import { readLastTracks, type ShelfContent, type StoredItem } from './stored-shelf.ts';
import { atMostPerArtist, type Suggestion, suggestNear } from './suggest-near.ts';

/** More than are shown: some may be hidden, disliked or too explicit by the time. */
const KEPT = 40;
const PER_ANCHOR = 40;
const PER_ARTIST = 2;
/** Any so many in a row are by as many artists while there is a choice. */
const WINDOW = 4;
const NEW_ARTIST_BONUS = 0.1;
/** What was on the list a week ago comes again only where there is nothing else. */
const AGAIN_LOSS = 2;
/** Gives each week a face of its own. */
const CHANCE = 0.1;
const WEEK_MS = 7 * 86_400_000;
/** A Monday. */
const FIRST_WEEK_MS = Date.UTC(2024, 0, 1);

/** Weeks begin on Monday, 0:00 UTC. */
export function weekOf(now: Date): { readonly number: number; readonly endsAt: Date } {
  const number = Math.floor((now.getTime() - FIRST_WEEK_MS) / WEEK_MS);
  return { number, endsAt: new Date(FIRST_WEEK_MS + (number + 1) * WEEK_MS) };
}

/**
 * Tracks that the listener has never heard: what sounds like their anchors or is liked by the same listeners, artists that
 * are new to them first, then what is popular. The same for the same week and taste. Nothing without a taste.
 */
export async function makeDiscoverWeekly(
  deps: Pick<Deps, 'db' | 'vectors' | 'trackMemory'>,
  userId: string,
  now: Date,
): Promise<ShelfContent> {
  const anchors = await listAnchors(deps, userId);
  if (anchors.length === 0) return [];
  const again = await readLastTracks(deps, userId, 'DISCOVER_WEEKLY');
  const week = weekOf(now).number;
  const near = await suggestNear(deps, userId, anchors, PER_ANCHOR);
  const heardArtists = new Set(near.flatMap(({ track }) => (isNew(track) ? [] : [track.artistId])));
  const worth = ({ track, score }: Suggestion) =>
    score +
    (heardArtists.has(track.artistId) ? 0 : NEW_ARTIST_BONUS) +
    CHANCE * chance(week, track.id) -
    (again.has(track.id) ? AGAIN_LOSS : 0);
  const ranked = near.filter(({ track }) => isNew(track)).toSorted((a, b) => worth(b) - worth(a));
  const best = atMostPerArtist(ranked, PER_ARTIST).slice(0, KEPT);
  const items = spaceArtists(best, ({ track }) => track.artistId, WINDOW).map(toItem);
  const all = items.length < KEPT ? [...items, ...(await fillUp(deps, userId, items, anchors))] : items;
  return [{ anchorId: null, items: all.slice(0, KEPT) }];
}

const isNew = ({ isHeard, isLiked }: Suggestion['track']): boolean => !isHeard && !isLiked;

const toItem = ({ track, reason }: Suggestion): StoredItem => ({ trackId: track.id, reason });

async function fillUp(
  deps: Pick<Deps, 'db'>,
  userId: string,
  items: readonly StoredItem[],
  anchors: readonly { readonly trackId: string }[],
): Promise<StoredItem[]> {
  const taken = new Set([...items, ...anchors].map(({ trackId }) => trackId));
  const popular = await listPopular(deps, userId, { range: 'ALL', genre: null, explicit: true }, 2 * KEPT);
  return popular
    .filter(({ track }) => isNew(track) && !taken.has(track.id))
    .map(({ track }) => ({ trackId: track.id, reason: { kind: 'POPULAR' } }));
}
