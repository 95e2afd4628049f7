import type { Database } from '../database.ts';

/** Gives the owner of an artist page the ARTIST role. Doing it again changes nothing. */
export async function makeArtist(tx: Pick<Database, '$executeRaw'>, userId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE "user" SET roles = array_append(roles, 'ARTIST'), updated_at = now()
    WHERE id = ${userId} AND NOT 'ARTIST' = ANY (roles)`;
}
