import { ModerationCaseId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { prose } from '../domain/input.ts';
import type { AppealModerationInput, DecideAppealInput } from '../generated/graphql.ts';
import type { ModerationCase } from '../models.ts';
import { lockTarget, logAction } from './cases.ts';
import { decideCase } from './moderate.ts';

const MIN_APPEAL = 10;

const Appeal = z.object({
  text: prose('an appeal', 2000).pipe(
    z.string().min(MIN_APPEAL, `an appeal has at least ${MIN_APPEAL} characters`),
  ),
});
const Answer = z.object({
  reason: prose('a reason', 2000).pipe(z.string().min(1, 'the owner has to be told why')),
});

/** The owner asks for a decision to be looked at again: once. */
export async function appealModeration(
  { db }: Deps,
  viewer: Viewer,
  input: AppealModerationInput,
): Promise<ModerationCase> {
  const { text } = readInput(Appeal, input);
  return db.$transaction(async (tx) => {
    const matter = await lockCase(tx, input.caseId);
    if (!matter || matter.ownerId !== viewer.userId) throw noCase('of yours');
    if (matter.appealedAt) {
      throw new UserError('ALREADY_APPEALED', 'you have appealed in this case', ['caseId']);
    }
    if (matter.state !== 'DECIDED' || matter.decision === 'CLEAR') {
      throw new UserError('NOTHING_TO_APPEAL', 'nothing is hidden by this case', ['caseId']);
    }
    await logAction(tx, { caseId: matter.id, kind: 'APPEALED', actorId: viewer.userId });
    return tx.moderationCase.update({
      where: { id: matter.id },
      data: { state: 'APPEALED', appeal: text, appealedAt: new Date() },
    });
  });
}

/** An ADMIN's second look: the thing comes back, or the decision stays. Either way the case is closed. */
export async function decideAppeal(
  { db, wake }: Deps,
  admin: Viewer,
  input: DecideAppealInput,
): Promise<ModerationCase> {
  const { reason } = readInput(Answer, input);
  const closed = await db.$transaction(async (tx) => {
    const matter = await lockCase(tx, input.caseId);
    if (!matter) throw noCase('');
    if (!matter.appealedAt) {
      throw new UserError('BAD_USER_INPUT', 'nobody has appealed in this case', ['caseId']);
    }
    if (matter.state !== 'APPEALED') {
      throw new UserError('ALREADY_DECIDED', 'the appeal has been decided', ['caseId']);
    }
    if (input.grant) await decideCase(tx, matter, 'CLEAR', reason);
    await logAction(tx, {
      caseId: matter.id,
      kind: input.grant ? 'APPEAL_GRANTED' : 'APPEAL_REFUSED',
      actorId: admin.userId,
      decision: input.grant ? 'CLEAR' : matter.decision,
    });
    return tx.moderationCase.update({ where: { id: matter.id }, data: { state: 'CLOSED', reason } });
  });
  wake();
  return closed;
}

/** The case, about whose thing nobody else decides until the transaction ends. */
async function lockCase(tx: Transaction, id: string): Promise<ModerationCase | null> {
  if (!ModerationCaseId.safeParse(id).success) return null;
  const found = await tx.moderationCase.findUnique({ where: { id }, select: { targetId: true } });
  if (!found) return null;
  await lockTarget(tx, found.targetId);
  return tx.moderationCase.findUnique({ where: { id } });
}

const noCase = (whose: string) =>
  new UserError('NOT_FOUND', `there is no such case ${whose}`.trimEnd(), ['caseId']);
