import type { DataOf, letterSettled } from '@volna/events';

import type { Database } from '../database.ts';

/** Notes how the sending of a letter went. What is sent stays so, and what it was filled with is forgotten. */
export async function settleLetter(
  db: Pick<Database, 'letter'>,
  { letterId: id, sent, error }: DataOf<typeof letterSettled>,
): Promise<void> {
  const settled = { state: sent ? 'SENT' : 'FAILED', error, settledAt: new Date() };
  await db.letter.updateMany({
    where: { id, state: { not: 'SENT' } },
    data: { ...settled, ...(sent && { values: {} }) },
  });
}
