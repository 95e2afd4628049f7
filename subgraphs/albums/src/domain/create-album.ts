import { newId } from '@volna/events';
import { UserError, UserErrors } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { CreateAlbumInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { inTransaction } from '../transaction.ts';
import { artistErrors, putArtists } from './album-artists.ts';
import { AlbumFields, scheduleErrors, sortDateOf } from './album-fields.ts';
import { tellUpcTaken, upcErrors } from './check-upc.ts';
import { findSoon } from './find-soon.ts';
import { inputErrors } from './input-fields.ts';
import { stateAlbum } from './state-album.ts';

/** Makes an album of an artist page that is the caller's own. */
export async function createAlbum(context: Context, input: CreateAlbumInput): Promise<{ album: Album }> {
  const { userId } = context.requireViewer();
  const { artistId } = input;
  const wrong = [
    ...(await pageErrors(context, userId, artistId)),
    ...inputErrors(AlbumFields, input),
    ...scheduleErrors(input.status ?? 'RELEASED', input.releaseAt && new Date(input.releaseAt)),
    ...(await artistErrors(context.db, artistId, input.artists)),
    ...(await upcErrors(context.db, userId, AlbumFields.shape.upc.safeParse(input.upc).data)),
  ];
  if (wrong.length > 0) throw new UserErrors(wrong);

  const { artists, type, status, releaseAt, ...fields } = AlbumFields.parse(input);
  const album = await inTransaction(context.db, async (tx) => {
    const createdAt = new Date();
    const created = await tx.album.create({
      data: {
        id: newId('Album'),
        artistId,
        ownerId: userId,
        title: fields.title,
        releaseDate: fields.releaseDate ?? null,
        sortDate: sortDateOf(fields.releaseDate ?? null, createdAt),
        type: type ?? 'ALBUM',
        label: fields.label ?? null,
        upc: fields.upc ?? null,
        description: fields.description ?? null,
        status: status ?? 'RELEASED',
        releaseAt: releaseAt ?? null,
        createdAt,
      },
    });
    await putArtists(tx, created.id, artistId, artists);
    await stateAlbum(tx, created);
    return created;
  }).catch(tellUpcTaken);
  context.forget();
  context.wakeRelay();
  return { album };
}

async function pageErrors({ db }: Context, userId: string, artistId: string): Promise<UserError[]> {
  const artist = await findSoon(() => db.artistRef.findUnique({ where: { id: artistId, deleted: false } }));
  return artist?.ownerId === userId
    ? []
    : [new UserError('NOT_FOUND', 'no such artist page of yours', ['artistId'])];
}
