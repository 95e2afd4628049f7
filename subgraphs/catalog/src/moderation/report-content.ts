import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { Transaction } from '../database.ts';
import { prose } from '../domain/input.ts';
import type { ReportContentInput } from '../generated/graphql.ts';
import { isOpen, lastCase, lockTarget, logAction, openCase } from './cases.ts';
import { findTarget, type Target } from './find-target.ts';

/** Reports of one user's within the time before now. */
const MAX_REPORTS = 20;
const WITHIN_MS = 60 * 60_000;

const Input = z.object({ text: prose('a report', 2000).nullish() });

/** Tells moderators of a thing that the viewer sees: opens a case, or joins the one that is open. */
export async function reportContent(
  context: Context,
  viewer: Viewer,
  input: ReportContentInput,
): Promise<void> {
  const { text } = readInput(Input, input);
  const target = await findTarget(context, input.targetId);
  if (!target) {
    throw new UserError('NOT_FOUND', 'there is no such track, artist, album or playlist', ['targetId']);
  }
  if (target.ownerId === viewer.userId) {
    throw new UserError('BAD_USER_INPUT', 'this is your own: you can change or delete it', ['targetId']);
  }
  const { category } = input;
  await context.db.$transaction(async (tx) => {
    await countReport(tx, viewer.userId);
    await putReport(tx, target, { reporterId: viewer.userId, category, text: text || null });
  });
}

async function countReport(tx: Transaction, reporterId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${reporterId}, 1))`;
  const since = new Date(Date.now() - WITHIN_MS);
  const count = await tx.contentReport.count({ where: { reporterId, createdAt: { gt: since } } });
  if (count >= MAX_REPORTS) {
    throw new UserError('RATE_LIMITED', `at most ${MAX_REPORTS} reports an hour: try again later`);
  }
}

async function putReport(
  tx: Transaction,
  target: Target,
  report: Pick<ReportContentInput, 'category'> & { reporterId: string; text: string | null },
): Promise<void> {
  await lockTarget(tx, target.id);
  const last = await lastCase(tx, target.id);
  const { id: caseId } = last && isOpen(last) ? last : await openCase(tx, target);
  const { count } = await tx.contentReport.createMany({
    data: [{ caseId, ...report }],
    skipDuplicates: true,
  });
  if (count === 0) throw new UserError('ALREADY_REPORTED', 'you have reported this', ['targetId']);
  await logAction(tx, { caseId, kind: 'REPORTED', actorId: report.reporterId });
}
