import type { SubscriptionResolvers } from '../generated/graphql.ts';
import type { PlaylistUpdate } from '../models.ts';
import { watchPlaylist } from '../playlists/watch-playlist.ts';

/** Each event is what the stream has read. */
const asRead = (update: PlaylistUpdate) => update;

export const Subscription: SubscriptionResolvers = {
  playlistUpdated: {
    subscribe: (_root, { id, sinceSeq }, context) => watchPlaylist(context, id, sinceSeq ?? null),
    resolve: asRead,
  },
};
