import { type DataOf, type letterClaim, letterOrdered, newId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import type { z } from 'zod';

import type { Database } from '../database.ts';

type Claimed = NonNullable<z.output<typeof letterClaim.answer>['letter']>;
export type Template = Claimed['template'];

/**
 * Orders a letter in the caller's transaction; wake the relay after it. `values` are stored, so secrets are not
 * among them: the codes that a template needs are made when the letter is sent.
 */
export async function orderLetter(
  tx: Pick<Database, 'letter' | 'outbox'>,
  userId: string,
  template: Template,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  const letterId = newId('Letter');
  await tx.letter.create({ data: { id: letterId, userId, template, values: { ...values } } });
  const order: DataOf<typeof letterOrdered> = { letterId };
  await tx.outbox.create({ data: outboxRow(letterOrdered, order) });
}
