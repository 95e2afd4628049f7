import { payload } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type {
  BlockedArtistResolvers,
  ForgottenAnchorResolvers,
  MutationResolvers,
  OnboardingPickResolvers,
  TasteAnchorResolvers,
  TasteArtistResolvers,
  TasteProfileResolvers,
  TasteTraitResolvers,
} from '../generated/graphql.ts';
import { blockArtist, listBlockedArtists, unblockArtist } from '../taste/block-artist.ts';
import { forgetAnchor, pinAnchor, restoreAnchor, startTaste, unpinAnchor } from '../taste/choose-anchors.ts';
import { listAnchors } from '../taste/list-anchors.ts';
import { listForgotten } from '../taste/list-forgotten.ts';
import { rounded } from './rounded.ts';

export const TasteProfile: TasteProfileResolvers = {
  anchors: ({ userId }, _args, context) => listAnchors(context, userId),
  traits: async ({ userId }, _args, { tasteSummary }) => (await tasteSummary.load(userId)).traits,
  artists: async ({ userId }, _args, { tasteSummary }) => (await tasteSummary.load(userId)).artists,
  sound: async ({ userId }, _args, { tasteSummary }) => (await tasteSummary.load(userId)).sound,
  forgotten: ({ userId }, _args, context) => listForgotten(context, userId),
  blockedArtists: ({ userId }, _args, context) => listBlockedArtists(context, userId),
};

export const TasteAnchor: TasteAnchorResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
  weight: ({ weight }) => rounded(weight),
};
export const TasteTrait: TasteTraitResolvers = { share: ({ share }) => rounded(share) };
export const TasteArtist: TasteArtistResolvers = {
  artist: ({ name }) => ({ __typename: 'Artist', id: name }),
  share: ({ share }) => rounded(share),
};
export const ForgottenAnchor: ForgottenAnchorResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
  forgottenAt: ({ at }) => at,
};
export const BlockedArtist: BlockedArtistResolvers = {
  artist: ({ artistId }) => ({ __typename: 'Artist', id: artistId }),
  blockedAt: ({ at }) => at,
};
export const OnboardingPick: OnboardingPickResolvers = { track: ({ trackId }) => ({ id: trackId }) };

type Change = (context: Context, userId: string, id: string) => Promise<void>;

/** What a mutation of the viewer's own taste answers: the taste as it is then. */
function change(context: Context, run: (userId: string) => Promise<void>) {
  const { userId } = context.requireViewer();
  return payload<{ taste: { userId: string } }>({ taste: null }, async () => {
    await run(userId);
    return { taste: { userId } };
  });
}

const ofTrack =
  (run: Change) =>
  (_root: unknown, { input }: { input: { trackId: string } }, context: Context) =>
    change(context, (userId) => run(context, userId, input.trackId));

const ofArtist =
  (run: Change) =>
  (_root: unknown, { input }: { input: { artistId: string } }, context: Context) =>
    change(context, (userId) => run(context, userId, input.artistId));

export const tasteMutations = {
  startTaste: (_root, { input }, context) =>
    change(context, (userId) => startTaste(context, userId, input.trackIds)),
  pinAnchor: ofTrack(pinAnchor),
  unpinAnchor: ofTrack(unpinAnchor),
  forgetAnchor: ofTrack(forgetAnchor),
  restoreAnchor: ofTrack(restoreAnchor),
  blockArtist: ofArtist(blockArtist),
  unblockArtist: ofArtist(unblockArtist),
} satisfies MutationResolvers;
