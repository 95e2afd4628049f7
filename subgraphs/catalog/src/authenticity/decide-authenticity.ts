import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { describeTrack } from '../domain/describe-track.ts';
import { prose } from '../domain/input.ts';
import { readId } from '../domain/read-id.ts';
import type { DecideAuthenticityInput } from '../generated/graphql.ts';
import type { ModerationCase, Track } from '../models.ts';
import { lastCase, lockTarget, logAction, openCase } from '../moderation/cases.ts';
import { settleSuspicion } from './settle-suspicion.ts';

const Input = z.object({
  reason: prose('a reason', 2000).pipe(z.string().min(1, 'the owner has to be told why')),
  note: prose('a note', 5000).nullish(),
});

/** An ADMIN has listened: this counts, whatever a model says now or later, until an ADMIN decides again. */
export async function decideAuthenticity(
  { db, wake }: Deps,
  admin: Viewer,
  input: DecideAuthenticityInput,
): Promise<Track> {
  const { reason, note } = readInput(Input, input);
  const { verdict } = input;
  const decided = await db.$transaction(async (tx) => {
    const track = await lockTrack(tx, input.trackId);
    const { id: trackId } = track;
    const said = { verdict, reason, decidedAt: new Date() };
    await tx.authenticityReview.upsert({ where: { trackId }, create: { trackId, ...said }, update: said });
    await settleSuspicion(tx, trackId);
    await describeTrack(tx, trackId);
    const matter = await findMatter(tx, track);
    const kind = `AUTHENTICITY_${verdict}` as const;
    await logAction(tx, { caseId: matter.id, kind, actorId: admin.userId, note: note || null });
    await endOwnCase(tx, matter, track, reason);
    return tx.track.findUniqueOrThrow({ where: { id: trackId } });
  });
  wake();
  return decided;
}

async function lockTrack(tx: Transaction, raw: string): Promise<Track> {
  const id = readId('Track', raw);
  if (id) await lockTarget(tx, id);
  const track = id && (await tx.track.findUnique({ where: { id } }));
  if (!track) throw new UserError('NOT_FOUND', 'there is no such track', ['trackId']);
  return track;
}

async function findMatter(tx: Transaction, { id, ownerId, title }: Track): Promise<ModerationCase> {
  const last = await lastCase(tx, id);
  return last && last.state !== 'CLOSED' ? last : openCase(tx, { type: 'TRACK', id, ownerId, title });
}

/** A case that nobody's report has opened is about this alone, and ends with it; what it leaves out of sight stays so. */
async function endOwnCase(
  tx: Transaction,
  { id, state }: ModerationCase,
  { moderation: decision }: Track,
  reason: string,
): Promise<void> {
  if (state !== 'OPEN') return;
  if (await tx.moderationAction.findFirst({ where: { caseId: id, kind: 'REPORTED' } })) return;
  await tx.moderationCase.update({
    where: { id },
    data: { state: 'CLOSED', decision, reason, decidedAt: new Date() },
  });
}
