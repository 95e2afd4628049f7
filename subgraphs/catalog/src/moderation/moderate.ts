import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { Transaction } from '../database.ts';
import { prose } from '../domain/input.ts';
import type { ModerateInput, ModerationState } from '../generated/graphql.ts';
import type { ModerationCase } from '../models.ts';
import { applyDecision } from './apply-decision.ts';
import { isOpen, lastCase, lockTarget, logAction, openCase } from './cases.ts';
import { findTarget, type Target } from './find-target.ts';

const Input = z.object({
  reason: prose('a reason', 2000).nullish(),
  note: prose('a note', 5000).nullish(),
});

/** An ADMIN's decision about a thing: it ends the case that is open about it, or opens one to put it down in. */
export async function moderate(
  context: Context,
  admin: Viewer,
  input: ModerateInput,
): Promise<ModerationCase> {
  const { reason, note } = readInput(Input, input);
  const { targetId, decision } = input;
  if (decision !== 'CLEAR' && !reason) {
    throw new UserError('BAD_USER_INPUT', 'the owner has to be told why', ['reason']);
  }
  const target = await findTarget(context, targetId);
  const decided = await context.db.$transaction(async (tx) => {
    await lockTarget(tx, targetId);
    const matter = await findMatter(tx, targetId, target);
    const told = await decideCase(tx, matter, decision, reason || null);
    const { id: caseId } = told;
    await logAction(tx, { caseId, kind: 'DECIDED', actorId: admin.userId, decision, note: note || null });
    return told;
  });
  context.wake();
  return decided;
}

/** Puts a decision down in its case and carries it out. */
export async function decideCase(
  tx: Transaction,
  { id, decidedAt }: ModerationCase,
  decision: ModerationState,
  reason: string | null,
): Promise<ModerationCase> {
  // clocks of several processes may differ: the later decision has the later time all the same
  const at = new Date(Math.max(Date.now(), (decidedAt?.getTime() ?? 0) + 1));
  const decided = await tx.moderationCase.update({
    where: { id },
    data: { state: 'DECIDED', decision, reason, decidedAt: at },
  });
  await applyDecision(tx, decided, { state: decision, at });
  return decided;
}

/** The case that is open, the last one if its owner may still appeal, or a new one. */
async function findMatter(tx: Transaction, targetId: string, target: Target | null): Promise<ModerationCase> {
  const last = await lastCase(tx, targetId);
  if (last?.state === 'APPEALED') {
    throw new UserError('BAD_USER_INPUT', 'its owner has appealed: decide the appeal', ['targetId']);
  }
  // what is gone, or is not shown even to an ADMIN, can be decided about once it is reported
  if (last && (target ? last.state !== 'CLOSED' : isOpen(last))) return last;
  if (target) return openNext(tx, target, last);
  throw new UserError('NOT_FOUND', 'there is no such track, artist, album or playlist', ['targetId']);
}

/** Remembers when the case before was decided, so that this one is decided later. */
async function openNext(
  tx: Transaction,
  target: Target,
  last: ModerationCase | null,
): Promise<ModerationCase> {
  return { ...(await openCase(tx, target)), decidedAt: last?.decidedAt ?? null };
}
