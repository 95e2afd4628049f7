import type { Context } from '../context.ts';
import { countFacets } from '../finding/count-facets.ts';
import { highlight } from '../finding/highlight.ts';
import type { Answer } from '../finding/search-library.ts';
import type { Kind } from '../finding/types.ts';
import type { SearchResultsResolvers } from '../generated/graphql.ts';
import type { SearchHit } from '../models.ts';

export const SearchResults: SearchResultsResolvers = {
  tracks: (answer) => toConnection(answer, 'TRACK', (id) => ({ id })),
  artists: (answer) => toConnection(answer, 'ARTIST', (id) => ({ __typename: 'Artist' as const, id })),
  albums: (answer) => toConnection(answer, 'ALBUM', (id) => ({ __typename: 'Album' as const, id })),
  playlists: (answer) => toConnection(answer, 'PLAYLIST', (id) => ({ __typename: 'Playlist' as const, id })),
  facets: (answer, _args, context) => countFacets(context, answer),
};

function toConnection<Node>({ query, found }: Answer, kind: Kind, toNode: (id: string) => Node) {
  const { total, hits } = found[kind];
  return { totalCount: total, edges: hits.map((hit) => ({ ...hit, query, node: toNode(hit.id) })) };
}

const hitEdge = {
  explain: ({ arms }: SearchHit) => [...(arms ?? [])],
  async highlights({ id, query }: SearchHit, _args: unknown, { titleByEntry }: Context) {
    const titles = id === undefined || query === undefined ? null : await titleByEntry.load(id);
    if (!titles || query === undefined) return [];
    const fields = [
      { field: 'TITLE' as const, text: titles.title },
      ...(titles.artistName === null ? [] : [{ field: 'ARTIST' as const, text: titles.artistName }]),
    ];
    return fields
      .map(({ field, text }) => ({ field, text, ranges: highlight(text, query) }))
      .filter(({ ranges }) => ranges.length > 0);
  },
};

export const hitEdges = {
  TrackHitEdge: hitEdge,
  ArtistHitEdge: hitEdge,
  AlbumHitEdge: hitEdge,
  PlaylistHitEdge: hitEdge,
};
