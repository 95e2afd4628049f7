import type { DataOf, privateListeningSet } from '@volna/events';
import type { Pool } from 'pg';

/** Notes whether somebody wants to listen unnamed, unless something later has been said. */
export async function notePrivacy(
  pool: Pool,
  { userId, isPrivate }: DataOf<typeof privateListeningSet>,
  at: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO private_listener AS p (user_id, is_private, stated_at) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET is_private = $2, stated_at = $3 WHERE p.stated_at <= $3`,
    [userId, isPrivate, at],
  );
}

/** Which of these people want to listen unnamed. */
export async function findPrivate(pool: Pool, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT user_id AS id FROM private_listener WHERE is_private AND user_id = ANY ($1)',
    [[...new Set(userIds)]],
  );
  return new Set(rows.map(({ id }) => id));
}
