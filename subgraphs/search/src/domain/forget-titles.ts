import type { Database } from '../database.ts';

const GONE = 'something that is gone';

/**
 * Takes the titles of these tracks, artists, albums and playlists out of other people's waves, where they stand in
 * seeds, reasons and explanations. Reads every wave there is: for erasing a person. Gives how many places changed.
 */
export async function forgetTitles(
  db: Pick<Database, '$executeRaw'>,
  entries: readonly { readonly id: string; readonly title: string }[],
): Promise<number> {
  let count = 0;
  for (const { id, title } of entries) {
    // a whole JSON string, in rows that mention the thing itself: nothing else that has the same name
    const [said, instead] = [JSON.stringify(title), JSON.stringify(GONE)];
    // oxlint-disable-next-line no-await-in-loop -- each reads whole tables
    count += await db.$executeRaw`
      UPDATE wave SET state = replace(state::text, ${said}, ${instead})::jsonb,
        begun = replace(begun::text, ${said}, ${instead})::jsonb
      WHERE (seed = ${id} OR strpos(concat(state, begun), ${id}) > 0) AND strpos(concat(state, begun), ${said}) > 0`;
    // oxlint-disable-next-line no-await-in-loop
    count += await db.$executeRaw`
      UPDATE wave_item SET reason = replace(reason::text, ${said}, ${instead})::jsonb
      WHERE strpos(reason::text, ${id}) > 0 AND strpos(reason::text, ${said}) > 0`;
    // oxlint-disable-next-line no-await-in-loop
    count += await db.$executeRaw`
      UPDATE wave_log SET told = replace(told::text, ${said}, ${instead})::jsonb, why = NULL
      WHERE strpos(told::text, ${id}) > 0 AND strpos(told::text, ${said}) > 0`;
    // oxlint-disable-next-line no-await-in-loop -- what older releases wrote
    count += await db.$executeRaw`
      UPDATE wave_log SET why = replace(why, ${`“${title}”`}, ${GONE})
      WHERE strpos(why, ${`“${title}”`}) > 0`;
  }
  return count;
}
