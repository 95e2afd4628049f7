import { payload } from '@volna/platform/errors';

import { claimArtist } from '../artists/claim-artist.ts';
import { decideArtistClaim } from '../artists/decide-artist-claim.ts';
import { deleteArtist } from '../artists/delete-artist.ts';
import { updateArtist } from '../artists/update-artist.ts';
import { verifyArtist } from '../artists/verify-artist.ts';
import { withdrawArtistClaim } from '../artists/withdraw-artist-claim.ts';
import { createArtist } from '../domain/create-artist.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

export const artistMutations = {
  createArtist: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload({ artist: null }, async () => ({ artist: await createArtist(context, viewer, input) }));
  },
  updateArtist: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload({ artist: null }, async () => ({ artist: await updateArtist(context, viewer, input) }));
  },
  deleteArtist: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload({ deletedId: null, deletedTracks: null, movedTracks: null }, () =>
      deleteArtist(context, viewer, input),
    );
  },
  claimArtist: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    return payload({ claim: null }, async () => ({ claim: await claimArtist(context, viewer, input) }));
  },
  withdrawArtistClaim: (_root, { input: { claimId } }, context) => {
    const viewer = context.requireViewer();
    return payload({ claim: null }, async () => ({
      claim: await withdrawArtistClaim(context, viewer, claimId),
    }));
  },
  decideArtistClaim: (_root, { input }, context) => {
    const viewer = context.requireViewer();
    context.requireAdmin();
    return payload({ claim: null }, async () => ({ claim: await decideArtistClaim(context, viewer, input) }));
  },
  verifyArtist: (_root, { input }, context) => {
    context.requireAdmin();
    return payload({ artist: null }, async () => ({ artist: await verifyArtist(context, input) }));
  },
} satisfies MutationResolvers;
