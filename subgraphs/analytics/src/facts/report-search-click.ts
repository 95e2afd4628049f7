import { readOccurredAt } from '@volna/platform/occurred-at';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { ReportSearchClickInput } from '../generated/graphql.ts';

const MOST_PLACES = 10_000;

/** A text of so many characters, or what is wrong with it. */
const text = (what: string, most: number) => {
  const wrong = `${what} has 1–${most} characters`;
  return z.string().min(1, wrong).max(most, wrong);
};
const NO_PLACE = `a position is from 0 to ${MOST_PLACES}`;

const Click = z.object({
  query: z.string().trim().pipe(text('a query', 300)),
  resultId: text('an id', 100),
  position: z.int(NO_PLACE).min(0, NO_PLACE).max(MOST_PLACES, NO_PLACE),
  clientEventId: text('an event id', 100),
});

const STORE = `INSERT INTO search_click (at, user_id, id, query, result_id, position)
  SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM search_click WHERE user_id = $2 AND id = $3)`;

/** Notes what somebody chose; a report with a `clientEventId` that was counted before changes nothing. */
export async function reportSearchClick(
  context: Context,
  input: ReportSearchClickInput,
): Promise<{ ok: true }> {
  const { userId } = context.requireViewer();
  const { clientEventId, query, resultId, position } = readInput(Click, input);
  const occurredAt = readOccurredAt(input.occurredAt);
  if (!context.partitions.takes(occurredAt)) return { ok: true };
  await context.partitions.ensure([occurredAt]);
  const client = await context.pool.connect();
  try {
    await client.query('BEGIN');
    // two reports of one click at once: the later one sees the other's row
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${userId}/${clientEventId}`]);
    await client.query(STORE, [occurredAt, userId, clientEventId, query, resultId, position]);
    await client.query('COMMIT');
  } catch (err) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw err;
  } finally {
    client.release();
  }
  return { ok: true };
}
