import type { Context } from '../context.ts';
import { countFacets } from '../finding/count-facets.ts';
import { highlight } from '../finding/highlight.ts';
import { pageHits } from '../finding/page-hits.ts';
import type { Answer } from '../finding/search-library.ts';
import { type Kind, KINDS } from '../finding/types.ts';
import type { SearchResultsResolvers, TrackHitConnectionResolvers } from '../generated/graphql.ts';
import type { SearchHit } from '../models.ts';

export const SearchResults: SearchResultsResolvers = {
  tracks: (answer, page, context) => toConnection(context, answer, 'TRACK', page, (id) => ({ id })),
  artists: (answer, page, context) =>
    toConnection(context, answer, 'ARTIST', page, (id) => ({ __typename: 'Artist' as const, id })),
  albums: (answer, page, context) =>
    toConnection(context, answer, 'ALBUM', page, (id) => ({ __typename: 'Album' as const, id })),
  playlists: (answer, page, context) =>
    toConnection(context, answer, 'PLAYLIST', page, (id) => ({ __typename: 'Playlist' as const, id })),
  facets: (answer, _args, context) => countFacets(context, answer),
  emptyBecause(answer) {
    if (!answer.terms) return 'NO_WORDS';
    return KINDS.some((kind) => answer.found[kind].total > 0) ? null : 'NO_MATCH';
  },
};

async function toConnection<Node>(
  context: Context,
  answer: Answer,
  kind: Kind,
  page: Parameters<typeof pageHits>[3],
  toNode: (id: string) => Node,
) {
  const { total, hits, pageInfo } = await pageHits(context, answer, kind, page);
  const edges = hits.map((hit) => ({ ...hit, query: answer.query, node: toNode(hit.id) }));
  return { totalCount: total, edges, pageInfo };
}

const WHOLE = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };

/** Tracks that were not found by words are given all at once. */
export const TrackHitConnection: TrackHitConnectionResolvers = {
  pageInfo: ({ pageInfo }) => pageInfo ?? WHOLE,
  async emptyBecause({ edges, trackId, totalCount }, _args, { whyNothingByTrack }) {
    if (edges.length > 0 || totalCount > 0) return null;
    return trackId === undefined ? 'NO_MATCH' : whyNothingByTrack.load(trackId);
  },
};

const hitEdge = {
  cursor: ({ cursor, node }: SearchHit & { node: { id: string } }) => cursor ?? node.id,
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
