import { UserError, UserErrors } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { UpdateAlbumInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { artistErrors, putArtists } from './album-artists.ts';
import { AlbumFields, scheduleErrors, sortDateOf } from './album-fields.ts';
import { changeAlbum } from './change-album.ts';
import { tellUpcTaken, upcErrors } from './check-upc.ts';
import { inputErrors } from './input-fields.ts';
import { stateAlbum, stateReleased } from './state-album.ts';

const Changes = AlbumFields.partial();

/** Changes what is given of an album of the caller's own. */
export async function updateAlbum(context: Context, input: UpdateAlbumInput): Promise<{ album: Album }> {
  const given = { ...input, title: input.title ?? undefined };
  return changeAlbum(context, input, async (tx, album) => {
    const status = input.status ?? album.status;
    // what was planned stays planned, unless the album is released or drawn back
    const releaseAt =
      input.releaseAt === undefined && status === 'SCHEDULED' ? album.releaseAt : toDate(input.releaseAt);
    const isReplanned = input.status != null || input.releaseAt !== undefined;
    const wrong = [
      ...(input.title === null ? [new UserError('BAD_USER_INPUT', 'a title is needed', ['title'])] : []),
      ...inputErrors(Changes, given),
      ...(isReplanned ? scheduleErrors(status, releaseAt) : []),
      ...(await artistErrors(tx, album.artistId, input.artists)),
      ...(await upcErrors(tx, album.ownerId, AlbumFields.shape.upc.safeParse(input.upc).data, album.id)),
    ];
    if (wrong.length > 0) throw new UserErrors(wrong);

    const { title, type, artists, status: _status, releaseAt: _releaseAt, ...fields } = Changes.parse(given);
    if (artists !== undefined) await putArtists(tx, album.id, album.artistId, artists);
    const changed = {
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
      ...(title && { title }),
      ...(type && { type }),
      ...(fields.releaseDate !== undefined && {
        sortDate: sortDateOf(fields.releaseDate, album.createdAt),
      }),
      status,
      releaseAt,
    };
    await stateAlbum(tx, { ...album, ...changed });
    if (status === 'RELEASED' && album.status !== 'RELEASED') await stateReleased(tx, album);
    return changed;
  }).catch(tellUpcTaken);
}

function toDate(value: Date | string | null | undefined): Date | null {
  return value == null ? null : new Date(value);
}
