import type { Database } from '../database.ts';
import { nameKeyOf } from '../domain/name-key.ts';

const BATCH = 500;

/** Folds names that no release has folded yet, as after an upgrade: SQL cannot. */
export async function foldNames(db: Database): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- batch after batch
    const artists = await db.artist.findMany({
      where: { nameKey: '' },
      select: { id: true, name: true },
      take: BATCH,
    });
    if (artists.length === 0) return;
    const ids = artists.map(({ id }) => id);
    // a name that folds to nothing is its own key, or else it would be looked at for ever
    const keys = artists.map(({ id, name }) => nameKeyOf(name) || id);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await db.$transaction([
      db.$executeRaw`
        UPDATE artist SET name_key = folded.key
        FROM unnest(${ids}::text[], ${keys}::text[]) AS folded (id, key) WHERE artist.id = folded.id`,
      db.$executeRaw`
        UPDATE track_credit SET name_key = folded.key
        FROM unnest(${ids}::text[], ${keys}::text[]) AS folded (id, key)
        WHERE track_credit.artist_id = folded.id AND track_credit.name_key = ''`,
    ]);
  }
}
