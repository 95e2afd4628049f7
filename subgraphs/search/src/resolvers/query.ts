import { playRadio } from '../domain/play-radio.ts';
import { searchLibrary } from '../domain/search-library.ts';
import { suggest } from '../domain/suggest.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import type { Scored } from '../ranking/fuse.ts';
import { readFirst } from '../read-first.ts';

export const Query: QueryResolvers = {
  async search(_root, { query, filter, first }, context) {
    const count = readFirst(first, 20);
    const found = await searchLibrary(context, context.viewer?.userId ?? null, query, filter ?? {});
    return {
      tracks: toHits('Track', found.TRACK, count),
      artists: toHits('Artist', found.ARTIST, count),
      albums: toHits('Album', found.ALBUM, count),
      playlists: toHits('Playlist', found.PLAYLIST, count),
    };
  },
  suggest: (_root, { prefix, first }, context) =>
    suggest(context, context.viewer?.userId ?? null, prefix, readFirst(first, 8)),
  async radio(_root, { seed, first }, context) {
    const queue = await playRadio(context, seed, readFirst(first, 20));
    return { edges: queue.map(({ id, score }) => ({ score, node: { __typename: 'Track', id } })) };
  },
};

function toHits<Type extends string>(__typename: Type, scored: readonly Scored[], first: number) {
  const edges = scored.slice(0, first).map(({ id, score }) => ({ score, node: { __typename, id } }));
  return { totalCount: scored.length, edges };
}
