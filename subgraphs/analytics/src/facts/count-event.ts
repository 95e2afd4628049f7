import type { Pool } from 'pg';

/** What is only counted, and the column of `platform_hour` that counts it. */
export type Counted = 'registrations' | 'uploads';

/** Counts an event in its hour, once for all deliveries. */
export async function countEvent(pool: Pool, counted: Counted, id: string, at: string): Promise<void> {
  await pool.query(
    `WITH fresh AS (INSERT INTO counted_event (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING at)
     INSERT INTO platform_hour AS t (hour, ${counted}) SELECT date_trunc('hour', at, 'UTC'), 1 FROM fresh
     ON CONFLICT (hour) DO UPDATE SET ${counted} = t.${counted} + 1`,
    [id, at],
  );
}
