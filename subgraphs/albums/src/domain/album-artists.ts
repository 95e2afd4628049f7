import { UserError } from '@volna/platform/errors';

import type { Tx } from '../transaction.ts';
import type { AlbumFields } from './album-fields.ts';

type Artists = AlbumFields['artists'];

/** What is wrong with the artists beside the page's own: each is there, and is named once. */
export async function artistErrors(
  tx: Pick<Tx, 'artistRef'>,
  pageId: string,
  artists: Artists,
): Promise<UserError[]> {
  if (!artists || artists.length === 0) return [];
  const ids = artists.map(({ artistId }) => artistId);
  const known = new Set(
    (await tx.artistRef.findMany({ where: { id: { in: ids }, deleted: false }, select: { id: true } })).map(
      ({ id }) => id,
    ),
  );
  return ids.flatMap((id, at) => {
    const path = ['artists', String(at), 'artistId'];
    if (!known.has(id)) return [new UserError('NOT_FOUND', 'no such artist', path)];
    if (id === pageId) return [new UserError('BAD_USER_INPUT', 'the page’s artist is there by itself', path)];
    return ids.indexOf(id) < at ? [new UserError('BAD_USER_INPUT', 'the artist is named twice', path)] : [];
  });
}

/** Lets an album be by the artist of its page and by these. */
export async function putArtists(
  tx: Pick<Tx, 'albumArtist'>,
  albumId: string,
  pageId: string,
  artists: Artists,
): Promise<void> {
  await tx.albumArtist.deleteMany({ where: { albumId } });
  const all = [{ artistId: pageId, role: 'MAIN' as const }, ...(artists ?? [])];
  await tx.albumArtist.createMany({
    data: all.map(({ artistId, role }, position) => ({
      albumId,
      artistId,
      role: role ?? 'FEATURED',
      position,
    })),
  });
}
