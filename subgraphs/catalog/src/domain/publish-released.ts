import type { albumReleased, DataOf } from '@volna/events';
import type { Delivery } from '@volna/platform/bus';
import { once } from '@volna/platform/once';

import type { Deps } from '../context.ts';
import { lockOpenness, settleOpenness } from './settle-openness.ts';

/** Opens the drafts of an album that is out now: those of its owner's, once. */
export async function publishReleased(
  deps: Deps,
  { ownerId, trackIds }: DataOf<typeof albumReleased>,
  delivery: Pick<Delivery, 'id'>,
): Promise<void> {
  await once(deps.db, 'catalog-released', delivery, async (tx) => {
    await lockOpenness(tx, trackIds);
    const drafts = await tx.track.updateManyAndReturn({
      where: { id: { in: [...trackIds] }, ownerId, isDraft: true },
      data: { isDraft: false },
      select: { id: true },
    });
    await settleOpenness(
      tx,
      drafts.map(({ id }) => id),
    );
  });
  deps.wake();
}
