import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { audit } from '../domain/audit.ts';
import type { DeadLetter, ReplayDeadLetterInput } from '../generated/graphql.ts';

/** What the bus has given up, of every service. Messages hold ids, and what a service states of its own things. */
export async function listDeadLetters(context: Context, first: number): Promise<DeadLetter[]> {
  context.requireAdmin();
  const letters = await context.bus.deadLetters();
  return letters.slice(0, first).map(({ id, subject, consumer, reason, deliveries, failedAt, data }) => ({
    id,
    subject,
    consumer,
    reason,
    deliveries,
    failedAt,
    data: typeof data === 'string' ? data : JSON.stringify(data),
  }));
}

/** Hands a message to its consumer anew: a letter is sent again, with a new code. */
export async function replayDeadLetter(
  context: Context,
  { id }: ReplayDeadLetterInput,
): Promise<{ ok: true }> {
  context.requireAdmin();
  if (!(await context.bus.replayDeadLetter(id))) throw new UserError('NOT_FOUND', 'no such letter', ['id']);
  await audit(context.db, context, 'dead-letter.replayed', { subjectId: id });
  return { ok: true };
}
