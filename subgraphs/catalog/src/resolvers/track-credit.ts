import type { TrackCreditResolvers } from '../generated/graphql.ts';

export const TrackCredit: TrackCreditResolvers = {
  artist: ({ artistId }, _args, { findArtist }) => (artistId ? findArtist(artistId) : null),
};
