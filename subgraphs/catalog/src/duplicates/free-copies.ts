import { insertOutbox } from '@volna/platform/personal-data';

import { openingsOf, SETTLE_SQL, type Settled } from '../domain/openness.ts';

type Client = Parameters<typeof insertOutbox>[0];

/** Makes what others have merged into the tracks of a person tracks of their own again, before those tracks go. */
export async function freeCopies(client: Client, ownerId: string): Promise<void> {
  const { rows: freed } = await client.query<{ id: string }>(
    `UPDATE track SET merged_into_id = NULL
     WHERE owner_id <> $1 AND merged_into_id IN (SELECT id FROM track WHERE owner_id = $1) RETURNING id`,
    [ownerId],
  );
  const { rows } = await client.query<Settled>(SETTLE_SQL, [freed.map(({ id }) => id)]);
  for (const row of openingsOf(rows)) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await insertOutbox(client, row);
  }
}
