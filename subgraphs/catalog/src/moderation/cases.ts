import { newId } from '@volna/events';

import type { Transaction } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { ModerationCase } from '../models.ts';
import type { Target } from './find-target.ts';

/** Until the transaction ends, nobody else reports, decides or appeals about this thing. */
export async function lockTarget(tx: Transaction, targetId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${targetId}, 0))`;
}

/** The case that is open about a thing, or else the last one. */
export function lastCase(tx: Transaction, targetId: string): Promise<ModerationCase | null> {
  return tx.moderationCase.findFirst({ where: { targetId }, orderBy: { id: 'desc' } });
}

/** Waits for a decision, the first or the second. */
export function isOpen({ state }: Pick<ModerationCase, 'state'>): boolean {
  return state === 'OPEN' || state === 'APPEALED';
}

export function openCase(tx: Transaction, { type, id, ownerId, title }: Target): Promise<ModerationCase> {
  return tx.moderationCase.create({
    data: { id: newId('ModerationCase'), targetType: type, targetId: id, ownerId, title },
  });
}

/** Writes to the audit trail, which the database keeps as it is. */
export async function logAction(
  tx: Transaction,
  action: Omit<Prisma.ModerationActionUncheckedCreateInput, 'id'>,
): Promise<void> {
  await tx.moderationAction.create({ data: { id: newId('ModerationAction'), ...action } });
}
