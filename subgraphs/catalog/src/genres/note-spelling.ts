import { noteRestatement } from '../artists/restate-tracks.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { MISSPELT } from './respell-tracks.ts';

/** Has the tracks stated anew that spell a genre otherwise: each is respelt when it is. */
export async function noteSpelling(tx: Transaction, genreId: string): Promise<void> {
  await noteRestatement(
    tx,
    Prisma.sql`SELECT DISTINCT track_genre.track_id FROM ${MISSPELT} WHERE genre.id = ${genreId}`,
  );
}
