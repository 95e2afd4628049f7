import type { ArtistClaimResolvers } from '../generated/graphql.ts';
import type { Artist } from '../models.ts';

export const ArtistClaim: ArtistClaimResolvers = {
  // the foreign key keeps it from being null, and who has claimed a page sees that
  artist: ({ artistId }, _args, { artistById }) => artistById.load(artistId) as Promise<Artist>,
  user: ({ userId }) => ({ id: userId }),
};
