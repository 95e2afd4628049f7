import { type DataOf, playbackReported, reactionSet } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';

import type { OpenSearch } from './open-search.ts';

type Reaction = DataOf<typeof reactionSet>['reaction'];
const DURATION_MS = 200_000;

/** Tells the service what a listener makes of a track, and waits until it knows. */
export async function react(
  search: OpenSearch,
  { userId }: Viewer,
  trackId: string,
  reaction: Reaction,
): Promise<void> {
  const at = new Date().toISOString();
  await search.bus.publish(reactionSet, { userId, trackId: trackId as never, reaction, at });
  await search.settle();
}

/** Tells the service that a listener has heard a track to its end, and waits until it knows. */
export async function finish(
  search: OpenSearch,
  { userId }: Viewer,
  trackId: string,
  { at = new Date(), isPrivate }: { at?: Date; isPrivate?: boolean } = {},
): Promise<void> {
  await search.bus.publish(playbackReported, {
    userId,
    trackId: trackId as never,
    event: 'FINISHED',
    positionMs: DURATION_MS,
    durationMs: DURATION_MS,
    source: 'ORGANIC',
    at: at.toISOString(),
    isPrivate,
  });
  await search.settle();
}
