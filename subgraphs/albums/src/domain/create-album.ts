import { AlbumId, albumDescribed, ArtistId, newId, UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { CreateAlbumInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { findSoon } from './find-soon.ts';
import { LongText, Title } from './input-fields.ts';

const NewAlbum = z.object({
  artistId: z.string(),
  title: Title,
  releaseDate: z.string().refine(isDate, 'a date is YYYY, YYYY-MM or YYYY-MM-DD').nullish(),
  type: z.enum(['ALBUM', 'EP', 'SINGLE', 'COMPILATION']).nullish(),
  label: LongText,
  description: LongText,
});

/** Makes an album of an artist page that is the caller's own. */
export async function createAlbum(context: Context, input: CreateAlbumInput): Promise<{ album: Album }> {
  const { userId } = context.requireViewer();
  const {
    artistId,
    title,
    releaseDate = null,
    type,
    label = null,
    description = null,
  } = readInput(NewAlbum, input);
  const artist = await findSoon(() => context.db.artistRef.findUnique({ where: { id: artistId } }));
  if (artist?.ownerId !== userId)
    throw new UserError('NOT_FOUND', 'no such artist page of yours', ['artistId']);
  const album = await context.db.$transaction(async (tx) => {
    const data = { id: newId('Album'), artistId, ownerId: userId, title, releaseDate, type: type ?? 'ALBUM' };
    const created = await tx.album.create({ data: { ...data, label, description } });
    await tx.outbox.create({
      data: outboxRow(albumDescribed, {
        albumId: AlbumId.parse(created.id),
        artistId: ArtistId.parse(artistId),
        ownerId: UserId.parse(userId),
        title,
        year: releaseDate === null ? null : Number(releaseDate.slice(0, 4)),
      }),
    });
    return created;
  });
  context.wakeRelay();
  return { album };
}

/** A year, a month or a day that there is. */
function isDate(value: string): boolean {
  if (!/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/.test(value)) return false;
  const day = value.padEnd(7, '-01').padEnd(10, '-01');
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}
