import { type DataOf, letterOrdered, type LetterTemplate, newId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Database } from '../database.ts';

/**
 * Orders a letter in the caller's transaction; wake the relay after it. `values` are stored, so secrets are not
 * among them: the codes that a template needs are made when the letter is sent. What each takes: letters/make-values.ts.
 */
export async function orderLetter(
  tx: Pick<Database, 'letter' | 'outbox'>,
  userId: string,
  template: LetterTemplate,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  const letterId = newId('Letter');
  await tx.letter.create({ data: { id: letterId, userId, template, values: { ...values } } });
  const order: DataOf<typeof letterOrdered> = { letterId };
  await tx.outbox.create({ data: outboxRow(letterOrdered, order) });
}
