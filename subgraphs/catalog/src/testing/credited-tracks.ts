import { newId } from '@volna/events';

import { creditFromTags } from '../artists/credit-from-tags.ts';
import type { TestCatalog } from './open-catalog.ts';
import { type anArtistRow, aTrackRow } from './track-rows.ts';

type Page = Awaited<ReturnType<typeof anArtistRow>>;

/** A track with its credits, as an upload makes it. */
export async function aCredited(catalog: TestCatalog, page: Page, title: string, tags = {}) {
  const id = await aTrackRow(catalog, page, title);
  await catalog.db.$transaction((tx) => creditFromTags(tx, id, tags));
  return id;
}

/** `[position, role, name, artistId]` of each credit. */
export async function creditRows({ db }: TestCatalog, trackId: string) {
  const rows = await db.trackCredit.findMany({ where: { trackId }, orderBy: { position: 'asc' } });
  return rows.map(({ position, role, name, artistId }) => [position, role, name, artistId]);
}

/** Rows of tracks, as many as a long life makes. */
export async function manyTracks(
  { db }: TestCatalog,
  { artistId, ownerId }: Page,
  count: number,
): Promise<string[]> {
  const data = Array.from({ length: count }, (_, index) => ({
    id: newId('Track'),
    artistId,
    ownerId,
    title: `Song ${index}`,
    titleKey: `song ${index}`,
    status: 'READY' as const,
    isOpen: true,
  }));
  await db.track.createMany({ data });
  await db.trackCredit.createMany({
    data: data.map(({ id }) => ({
      trackId: id,
      position: 0,
      role: 'MAIN',
      name: 'M',
      nameKey: 'm',
      artistId,
    })),
  });
  return data.map(({ id }) => id);
}
