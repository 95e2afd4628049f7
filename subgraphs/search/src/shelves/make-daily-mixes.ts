import type { Deps } from '../context.ts';
import { commonModel } from '../domain/read-taste.ts';
import { groupBy } from '../group-by.ts';
import { spaceArtists } from '../ranking/space-artists.ts';
import { decodeVector } from '../ranking/vector.ts';
import { listAnchors } from '../taste/list-anchors.ts';
import { chance } from '../wave/chance.ts';
import { clusterSounds } from './cluster-sounds.ts';
import { readKnownTracks } from './read-known-tracks.ts';
import type { ShelfContent, ShelfReason, StoredItem } from './stored-shelf.ts';
import { atMostPerArtist, type ShelfAnchor, type Suggestion, suggestNear } from './suggest-near.ts';

const MIXES = 6;
/** A side of a taste has at least so many anchors, where there are enough. */
const PER_MIX = 3;
const KEPT = 30;
/** What each day draws from: what is not much farther from the side than the nearest. */
const CHOICE = 60;
const NEAR = 0.75;
/** Of three tracks one is the listener's own. */
const OWN = 10;
const PER_ANCHOR = 30;
const PER_ARTIST = 3;
const WINDOW = 3;
const DAY_MS = 86_400_000;

interface MixItem {
  readonly trackId: string;
  readonly artistId: string;
  readonly reason: ShelfReason;
}

/** A list for each side of the listener's taste: what they like there, with what is like it. The same for the same day. */
export async function makeDailyMixes(
  deps: Pick<Deps, 'db' | 'vectors' | 'trackMemory'>,
  userId: string,
  now: Date,
): Promise<ShelfContent> {
  const anchors = await listAnchors(deps, userId);
  const sides = await findSides(deps, anchors);
  if (sides.length === 0) return [];
  const sideOf = new Map(sides.flatMap((side, at) => side.map(({ trackId }) => [trackId, at])));
  const spoken = sides.flat();
  const near = await suggestNear(deps, userId, spoken, PER_ANCHOR);
  const bySide = groupBy(near, ({ reason }) =>
    'anchorId' in reason ? sideOf.get(reason.anchorId) : undefined,
  );
  const own = await readKnownTracks(
    deps,
    userId,
    spoken.map(({ trackId }) => trackId),
  );
  const day = Math.floor(now.getTime() / DAY_MS);
  return sides.map((side, at) => {
    const favourites = side.flatMap((anchor) => toFavourite(anchor, own.get(anchor.trackId)?.artistId));
    return { anchorId: null, items: mix(favourites, bySide.get(at) ?? [], day) };
  });
}

/** By the dice of the day some favourites, and twice as many of what is near them. */
function mix(favourites: readonly MixItem[], near: readonly Suggestion[], day: number): StoredItem[] {
  const byDice = (a: MixItem, b: MixItem) => chance(day, a.trackId) - chance(day, b.trackId);
  const others = atMostPerArtist(near, PER_ARTIST)
    .filter(({ score }) => score >= NEAR * (near[0]?.score ?? 0))
    .slice(0, CHOICE)
    .map(({ track, reason }): MixItem => ({ trackId: track.id, artistId: track.artistId, reason }));
  const drawn = interleave(favourites.toSorted(byDice).slice(0, OWN), others.toSorted(byDice)).slice(0, KEPT);
  const spaced = spaceArtists(drawn, ({ artistId }) => artistId, WINDOW);
  return spaced.map(({ trackId, reason }) => ({ trackId, reason }));
}

function toFavourite({ trackId, source }: ShelfAnchor, artistId: string | undefined): MixItem[] {
  if (artistId === undefined) return [];
  return [{ trackId, artistId, reason: { kind: 'LIKED', anchorId: trackId, source, similarity: 1 } }];
}

/** Groups of anchors that sound alike. */
async function findSides(
  { db }: Pick<Deps, 'db'>,
  anchors: readonly ShelfAnchor[],
): Promise<ShelfAnchor[][]> {
  const rows = await db.indexedTrack.findMany({
    where: { id: { in: anchors.map(({ trackId }) => trackId) }, embeddingModel: { not: null } },
    select: { id: true, embedding: true, embeddingModel: true },
  });
  const model = commonModel(rows);
  const vectors = new Map(
    rows.flatMap(({ id, embedding, embeddingModel }) =>
      embedding && embeddingModel === model ? [[id, decodeVector(embedding)] as const] : [],
    ),
  );
  const heard = anchors.filter(({ trackId }) => vectors.has(trackId));
  const count = Math.min(MIXES, Math.max(1, Math.floor(heard.length / PER_MIX)));
  const groups = clusterSounds(
    heard.flatMap(({ trackId }) => vectors.get(trackId) ?? []),
    count,
  );
  return groups.map((group) => group.flatMap((index) => heard[index] ?? []));
}

/** One of the first after each two of the others. */
function interleave<T>(some: readonly T[], others: readonly T[]): T[] {
  const mixed: T[] = [];
  const [left, rest] = [[...some], [...others]];
  while (left.length + rest.length > 0) mixed.push(...rest.splice(0, 2), ...left.splice(0, 1));
  return mixed;
}
