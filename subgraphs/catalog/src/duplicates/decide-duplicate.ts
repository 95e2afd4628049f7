import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { ownTrack } from '../domain/own-track.ts';
import { lockOpenness, settleOpenness } from '../domain/settle-openness.ts';
import { mayManage } from '../domain/visibility.ts';
import type { DismissDuplicateInput, MergeDuplicateInput } from '../generated/graphql.ts';
import type { DuplicateProposal, Track } from '../models.ts';
import { ownProposal } from './find-duplicates.ts';

/** Makes one track of a proposal a link to the other: nothing of it is lost, and `unmergeTrack` undoes it. */
export async function mergeDuplicate(
  deps: Deps,
  viewer: Viewer,
  { proposalId, keepTrackId }: MergeDuplicateInput,
): Promise<DuplicateProposal> {
  const merged = await deps.db.$transaction(async (tx) => {
    const { trackId, otherId } = await ownProposal(tx, viewer, proposalId);
    await lockOpenness(tx, [trackId, otherId]);
    // what another call has decided while this one waited
    const { id } = await ownProposal(tx, viewer, proposalId);
    const tracks = await tx.track.findMany({ where: { id: { in: [trackId, otherId] } } });
    const keep = tracks.find((track) => track.id === keepTrackId);
    const copy = tracks.find((track) => track.id !== keepTrackId);
    checkMerger(viewer, keep, copy);
    await tx.track.update({ where: { id: copy?.id ?? '' }, data: { mergedIntoId: keep?.id ?? '' } });
    await settleOpenness(tx, [copy?.id ?? '']);
    return decide(tx, id, viewer, 'MERGED');
  });
  deps.wake();
  return merged;
}

function checkMerger(viewer: Viewer, keep: Track | undefined, copy: Track | undefined): void {
  const path = ['keepTrackId'];
  if (!keep || !copy) throw new UserError('BAD_USER_INPUT', 'the proposal is not about this track', path);
  if (keep.mergedIntoId ?? copy.mergedIntoId) {
    throw new UserError('ALREADY_DECIDED', 'one of the two is merged already', ['proposalId']);
  }
  if (!mayManage(viewer, copy)) {
    throw new UserError('BAD_USER_INPUT', 'only a track of your own can become a link to another', path);
  }
  if (copy.isOpen && !keep.isOpen) {
    throw new UserError('BAD_USER_INPUT', 'listeners cannot hear the track that would stay', path);
  }
}

/** Keeps two tracks apart for good. */
export async function dismissDuplicate(
  { db }: Deps,
  viewer: Viewer,
  { proposalId }: DismissDuplicateInput,
): Promise<DuplicateProposal> {
  return db.$transaction(async (tx) => {
    const { id } = await ownProposal(tx, viewer, proposalId);
    return decide(tx, id, viewer, 'DISMISSED');
  });
}

async function decide(
  tx: Transaction,
  id: string,
  viewer: Viewer,
  state: 'MERGED' | 'DISMISSED',
): Promise<DuplicateProposal> {
  const [decided] = await tx.duplicateProposal.updateManyAndReturn({
    where: { id, state: 'PROPOSED' },
    data: { state, decidedBy: viewer.userId, decidedAt: new Date() },
  });
  if (!decided) throw new UserError('ALREADY_DECIDED', 'somebody else was faster', ['proposalId']);
  return decided as DuplicateProposal;
}

/** Undoes a merger: the track is as open as it was, and the proposal waits again. */
export async function unmergeTrack(deps: Deps, viewer: Viewer, rawId: string): Promise<Track> {
  const { id } = await ownTrack(deps, viewer, rawId);
  const track = await deps.db.$transaction(async (tx) => {
    await lockOpenness(tx, [id]);
    const merged = await tx.track.findUnique({ where: { id } });
    const into = merged?.mergedIntoId;
    if (!into) throw new UserError('NOT_MERGED', 'the track is no link to another', ['trackId']);
    await tx.track.update({ where: { id }, data: { mergedIntoId: null } });
    await tx.duplicateProposal.updateMany({
      where: { trackId: { in: [id, into] }, otherId: { in: [id, into] }, state: 'MERGED' },
      data: { state: 'PROPOSED', decidedBy: null, decidedAt: null },
    });
    await settleOpenness(tx, [id]);
    return tx.track.findUniqueOrThrow({ where: { id } });
  });
  deps.wake();
  return track;
}
