import type { Prisma } from '../generated/prisma/client.ts';
import type { Album } from '../models.ts';
import { ALBUM } from '../rows.ts';
import type { Tx } from '../transaction.ts';

export interface AlbumCredit {
  readonly artistId: string;
  readonly role: string;
}

/** Albums that nobody else changes until the transaction ends; always in one order. */
export function lockAlbums(tx: Tx, where: Prisma.Sql): Promise<Album[]> {
  return tx.$queryRaw<Album[]>`SELECT ${ALBUM} FROM album a WHERE ${where} ORDER BY a.id FOR UPDATE`;
}

/** Who made an album, the artist of its page first. */
export function readCredits(tx: Tx, albumId: string): Promise<AlbumCredit[]> {
  return tx.albumArtist.findMany({
    where: { albumId },
    orderBy: { position: 'asc' },
    select: { artistId: true, role: true },
  });
}

/** Lets an album be by these; whoever has the page is MAIN and comes first, whatever the list says. */
export async function putCredits(
  tx: Tx,
  albumId: string,
  pageId: string,
  credits: readonly AlbumCredit[],
): Promise<void> {
  const others = credits.filter(({ artistId }) => artistId !== pageId);
  const all = [{ artistId: pageId, role: 'MAIN' }, ...others];
  await tx.albumArtist.deleteMany({ where: { albumId } });
  await tx.albumArtist.createMany({
    data: all.map((credit, position) => ({ ...credit, albumId, position })),
  });
}

/** With one artist in the place of another, named once. */
export function replaced(credits: readonly AlbumCredit[], from: string, to: string): AlbumCredit[] {
  const names = new Map<string, AlbumCredit>();
  for (const { artistId, role } of credits) {
    const id = artistId === from ? to : artistId;
    const known = names.get(id);
    names.set(id, { artistId: id, role: known?.role === 'MAIN' ? 'MAIN' : role });
  }
  return [...names.values()];
}
