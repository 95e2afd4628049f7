import { typeOfId } from '@volna/events';
import { ClientError } from '@volna/platform/errors';

import type { Context, Deps } from '../context.ts';
import { spaceArtists } from '../ranking/space-artists.ts';
import { findSimilar, type Neighbour } from './find-similar.ts';
import { readSeed } from './read-seed.ts';

/** Any four tracks in a row are by four artists while there is a choice. */
const WINDOW = 4;
/** Neighbours asked for beyond the answer, so that there is a choice. */
const CHOICE = 60;

/** Tracks that sound like the seed, the same each time: nearest first, artists spread. */
export async function playRadio(
  { viewer, ...deps }: Pick<Context, 'db' | 'vectors' | 'viewer'>,
  seedId: string,
  first: number,
): Promise<Neighbour[]> {
  const seed = await readSeed(deps.db, seedId, viewer?.userId ?? null);
  if (!seed) throw new ClientError('NOT_FOUND', 'there is no such track, artist or album');
  const found = await findSimilar(deps, viewer?.userId ?? null, seed.trackIds, first + CHOICE);
  const best = new Map<string, number>();
  // an artist's or album's own tracks belong to its radio; a track's radio begins after it
  if (typeOfId(seedId) !== 'Track') for (const id of seed.trackIds) best.set(id, 1);
  for (const { id, score } of [...found.values()].flatMap((neighbours) => neighbours ?? [])) {
    best.set(id, Math.max(score, best.get(id) ?? 0));
  }
  const artists = await readArtists(deps.db, [...best.keys()]);
  const ranked = [...best]
    .map(([id, score]) => ({ id, score }))
    .filter(({ id }) => artists.has(id))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return spaceArtists(ranked, ({ id }) => artists.get(id) ?? '', WINDOW).slice(0, first);
}

async function readArtists(db: Deps['db'], ids: string[]): Promise<Map<string, string>> {
  const rows = await db.indexedTrack.findMany({
    where: { id: { in: ids }, isOpen: true },
    select: { id: true, artistId: true },
  });
  return new Map(rows.map(({ id, artistId }) => [id, artistId]));
}
