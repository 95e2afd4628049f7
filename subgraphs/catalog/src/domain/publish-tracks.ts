import { UserError, UserErrors } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Track } from '../models.ts';
import { readId } from './read-id.ts';
import { lockOpenness, settleOpenness } from './settle-openness.ts';
import { mayManage } from './visibility.ts';

const MOST = 500;

/** Opens drafts, all or none; one that is still processed opens when that has ended. */
export function publishTracks(deps: Deps, viewer: Viewer, trackIds: readonly string[]): Promise<Track[]> {
  return setDraft(deps, viewer, trackIds, false);
}

/** Makes tracks drafts again, all or none. */
export function unpublishTracks(deps: Deps, viewer: Viewer, trackIds: readonly string[]): Promise<Track[]> {
  return setDraft(deps, viewer, trackIds, true);
}

async function setDraft(
  deps: Deps,
  viewer: Viewer,
  trackIds: readonly string[],
  isDraft: boolean,
): Promise<Track[]> {
  const ids = [...new Set(trackIds)];
  if (ids.length < 1 || ids.length > MOST) {
    throw new UserError('BAD_USER_INPUT', `1–${MOST} tracks can be changed at once`, ['trackIds']);
  }
  const tracks = await deps.db.$transaction(async (tx) => {
    await lockOpenness(
      tx,
      ids.filter((id) => readId('Track', id)),
    );
    await checkOwn(tx, viewer, trackIds);
    const published = isDraft ? { publishedAt: null } : {};
    await tx.track.updateMany({ where: { id: { in: ids } }, data: { isDraft, ...published } });
    await settleOpenness(tx, ids);
    return tx.track.findMany({ where: { id: { in: ids } } });
  });
  deps.wake();
  return ids.flatMap((id) => tracks.find((track) => track.id === id) ?? []);
}

async function checkOwn(tx: Transaction, viewer: Viewer, trackIds: readonly string[]): Promise<void> {
  const known = trackIds.filter((id) => readId('Track', id));
  const tracks = await tx.track.findMany({
    where: { id: { in: known } },
    select: { id: true, ownerId: true },
  });
  const own = new Set(tracks.filter((track) => mayManage(viewer, track)).map(({ id }) => id));
  const errors = trackIds.flatMap((id, at) =>
    own.has(id)
      ? []
      : [new UserError('NOT_FOUND', 'there is no such track of yours', ['trackIds', String(at)])],
  );
  if (errors.length > 0) throw new UserErrors(errors);
}
