import type { AlbumResolvers, ArtistResolvers, QueryResolvers } from '../generated/graphql.ts';
import { readFirst } from '../read-first.ts';
import { required } from '../sonic/ask-vectors.ts';
import { findPath } from '../sonic/find-path.ts';
import { mixTracks } from '../sonic/mix-tracks.ts';
import { readMap } from '../sonic/read-map.ts';

const PATH_LENGTH = 12;

/** What is asked of sounds rather than of words. */
export const sonicQuery = {
  async sonicPath(_root, { from, to, length, filter }, context) {
    const steps = await findPath(context, [from, to], length ?? PATH_LENGTH, filter ?? {});
    return { edges: steps.map(({ id, share }) => ({ share, node: { id } })) };
  },
  async alchemy(_root, { include, exclude, first, filter }, context) {
    const mixture = { include, exclude: exclude ?? [], filter: filter ?? {} };
    const tracks = await mixTracks(context, mixture, readFirst(first, 20));
    return { edges: tracks.map(({ id, score }) => ({ score, node: { id } })) };
  },
  map: (_root, { box, first }, { db }) => readMap(db, box, readFirst(first, 100)),
} satisfies Pick<QueryResolvers, 'sonicPath' | 'alchemy' | 'map'>;

export const Artist: ArtistResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async similar({ id }, { first }, { similarByArtist }) {
    const near = required(await similarByArtist.load(id)).slice(0, readFirst(first, 10));
    return {
      edges: near.map(({ id: artistId, score }) => ({ score, node: { id: artistId } })),
    };
  },
};

export const Album: AlbumResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async similar({ id }, { first }, { similarByAlbum }) {
    const near = required(await similarByAlbum.load(id)).slice(0, readFirst(first, 10));
    return {
      edges: near.map(({ id: albumId, score }) => ({ score, node: { id: albumId } })),
    };
  },
};
