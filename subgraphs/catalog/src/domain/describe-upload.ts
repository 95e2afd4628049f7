import { AlbumId, type ArtistId, newId, trackCreated, type UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import { creditFromTags } from '../artists/credit-from-tags.ts';
import { keepPageOf } from '../artists/own-artist.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { setGenres } from '../genres/spell-genres.ts';
import type { Upload } from '../models.ts';
import { titleOfFilename } from './file-name.ts';
import { givenIn } from './given-fields.ts';
import { Genre, keyOfTitle, Title, Year } from './input.ts';
import { orderTranscode } from './order-job.ts';
import { readId } from './read-id.ts';

const isAlbumId = (id: unknown) => AlbumId.safeParse(id).success;

/** What is said of a file when it is sent. */
export const Description = z.object({
  title: Title.nullish(),
  genre: Genre.nullish(),
  year: Year.nullish(),
  isDraft: z.boolean().nullish(),
  albumId: z.custom<AlbumId>(isAlbumId, 'there is no such album').nullish(),
});
export type Description = z.output<typeof Description>;

interface Uploader {
  readonly userId: string;
}

/** True for the one call that makes the track. */
export async function createTrack(
  deps: Deps,
  tx: Transaction,
  upload: Upload,
  artistId: ArtistId,
  { title, genre, year, albumId, isDraft }: Description,
): Promise<boolean> {
  const id = newId('Track');
  const { count } = await tx.upload.updateMany({
    where: { id: upload.id, status: { in: ['PENDING', 'FETCHING'] } },
    data: { status: 'COMPLETED', trackId: id },
  });
  if (count === 0) return false;

  const ownerId = upload.ownerId as UserId;
  await keepPageOf(tx, artistId, ownerId);
  const name = title ?? titleOfFilename(upload.filename);
  await tx.track.create({
    data: {
      id,
      artistId,
      ownerId,
      title: name,
      titleKey: keyOfTitle(name),
      titleGiven: Boolean(title),
      year: year ?? null,
      fieldsGiven: givenIn({ year: year ?? undefined }),
      isDraft: isDraft ?? false,
    },
  });
  if (genre) await setGenres(tx, id, 'USER', [{ name: genre, confidence: 1 }]);
  await creditFromTags(tx, id, {});
  const created = { trackId: id, artistId, ownerId, title: name, albumId: albumId ?? null };
  await tx.outbox.create({ data: outboxRow(trackCreated, created) });
  await orderTranscode(tx, upload, { trackId: id, maxSeconds: deps.policy.maxSeconds });
  return true;
}

/** An artist page of the uploader's own. */
export async function ownArtist({ db }: Deps, viewer: Uploader, raw: string): Promise<ArtistId> {
  const id = readId('Artist', raw);
  const artist = id && (await db.artist.findUnique({ where: { id } }));
  if (!artist) throw new UserError('NOT_FOUND', 'there is no such artist', ['artistId']);
  if (artist.ownerId !== viewer.userId) {
    throw new UserError('FORBIDDEN', 'the artist page is not yours', ['artistId']);
  }
  return id as ArtistId;
}

/** Refuses an album that is known to be gone or another's; albums has the last word on the others. */
export async function checkAlbum(
  { db }: Deps,
  viewer: Uploader,
  id: AlbumId | null | undefined,
): Promise<void> {
  const album = id && (await db.albumRef.findUnique({ where: { id } }));
  if (album && album.deleted) throw new UserError('NOT_FOUND', 'there is no such album', ['albumId']);
  if (album && album.ownerId !== viewer.userId) {
    throw new UserError('FORBIDDEN', 'the album is not yours', ['albumId']);
  }
}
