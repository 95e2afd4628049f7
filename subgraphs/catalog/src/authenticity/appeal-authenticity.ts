import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import { prose } from '../domain/input.ts';
import { readId } from '../domain/read-id.ts';
import type { AppealAuthenticityInput } from '../generated/graphql.ts';
import type { Track } from '../models.ts';
import { isOpen, lastCase, lockTarget, logAction, openCase } from '../moderation/cases.ts';

const MIN_APPEAL = 10;

const Input = z.object({
  text: prose('an appeal', 2000).pipe(
    z.string().min(MIN_APPEAL, `an appeal has at least ${MIN_APPEAL} characters`),
  ),
});

/** The owner says that a track is not synthetic, once: it stands in the queue of moderators as a case. */
export async function appealAuthenticity(
  { db }: Deps,
  viewer: Viewer,
  input: AppealAuthenticityInput,
): Promise<Track> {
  const { text: appeal } = readInput(Input, input);
  return db.$transaction(async (tx) => {
    const trackId = readId('Track', input.trackId);
    if (trackId) await lockTarget(tx, trackId);
    const track = trackId && (await tx.track.findUnique({ where: { id: trackId } }));
    if (!track || track.ownerId !== viewer.userId) {
      throw new UserError('NOT_FOUND', 'there is no such track of yours', ['trackId']);
    }
    if (await tx.authenticityReview.findFirst({ where: { trackId, appealedAt: { not: null } } })) {
      throw new UserError('ALREADY_APPEALED', 'you have appealed for this track', ['trackId']);
    }
    if (!track.isAiSuspected) {
      throw new UserError('NOTHING_TO_APPEAL', 'nobody takes this track for synthetic', ['trackId']);
    }
    const said = { appeal, appealedAt: new Date() };
    await tx.authenticityReview.upsert({ where: { trackId }, create: { trackId, ...said }, update: said });
    const last = await lastCase(tx, trackId);
    const { ownerId, title } = track;
    const target = { type: 'TRACK' as const, id: trackId, ownerId, title };
    const { id: caseId } = last && isOpen(last) ? last : await openCase(tx, target);
    const actorId = viewer.userId;
    await logAction(tx, { caseId, kind: 'AUTHENTICITY_APPEALED', actorId, note: appeal });
    return track;
  });
}
