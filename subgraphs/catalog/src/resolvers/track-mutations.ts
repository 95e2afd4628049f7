import { payload } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { publishTracks, unpublishTracks } from '../domain/publish-tracks.ts';
import { dismissDuplicate, mergeDuplicate, unmergeTrack } from '../duplicates/decide-duplicate.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

type TrackMutations = Pick<
  MutationResolvers,
  'publishTracks' | 'unpublishTracks' | 'mergeDuplicate' | 'dismissDuplicate' | 'unmergeTrack'
>;

async function changed(context: Context, trackIds: readonly string[], change: typeof publishTracks) {
  const viewer = context.requireViewer();
  const { tracks, errors } = await payload({ tracks: null }, async () => ({
    tracks: await change(context, viewer, trackIds),
  }));
  return { tracks: tracks ?? [], errors };
}

export const trackMutations: TrackMutations = {
  publishTracks: (_root, { input }, context) => changed(context, input.trackIds, publishTracks),
  unpublishTracks: (_root, { input }, context) => changed(context, input.trackIds, unpublishTracks),
  mergeDuplicate(_root, { input }, context) {
    const viewer = context.requireViewer();
    return payload({ proposal: null }, async () => ({
      proposal: await mergeDuplicate(context, viewer, input),
    }));
  },
  dismissDuplicate(_root, { input }, context) {
    const viewer = context.requireViewer();
    return payload({ proposal: null }, async () => ({
      proposal: await dismissDuplicate(context, viewer, input),
    }));
  },
  unmergeTrack(_root, { input: { trackId } }, context) {
    const viewer = context.requireViewer();
    return payload({ track: null }, async () => ({ track: await unmergeTrack(context, viewer, trackId) }));
  },
};
