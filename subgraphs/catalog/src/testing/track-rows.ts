import { newId, type UserId } from '@volna/events';

import { keyOfTitle } from '../domain/input.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import { settleOpenness } from '../domain/settle-openness.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { setGenres } from '../genres/spell-genres.ts';
import type { TestCatalog } from './open-catalog.ts';

/** A page with nothing on it. */
export async function anArtistRow(
  { db }: TestCatalog,
  ownerId: UserId,
  name = 'Polar Tide',
  more: object = {},
) {
  const id = newId('Artist');
  await db.artist.create({ data: { id, ownerId, name, nameKey: nameKeyOf(name), ...more } });
  return { artistId: id, ownerId };
}

type Page = Awaited<ReturnType<typeof anArtistRow>>;

/** A track as it is once it has been processed, and as open as what is said of it lets it be. */
export async function aTrackRow(
  { db }: TestCatalog,
  { artistId, ownerId }: Page,
  title: string,
  { genres = [], ...more }: Partial<Prisma.TrackUncheckedCreateInput> & { genres?: readonly string[] } = {},
) {
  const id = newId('Track');
  await db.$transaction(async (tx) => {
    const named = { id, artistId, ownerId, title, titleKey: keyOfTitle(title) };
    await tx.track.create({ data: { ...named, status: 'READY', stage: 'DONE', ...more } });
    const stated = genres.map((name) => ({ name, confidence: 1 }));
    await setGenres(tx, id, 'USER', stated);
    await settleOpenness(tx, [id]);
  });
  return id;
}
