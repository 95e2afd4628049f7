import { idOf, PAGES_OF_OWNER, TRACKS_OF_PAGE } from './fill-catalog.ts';

/** A query of a list or of one thing, and what it is asked with: `pick(n)` is some whole number below n. */
export interface Operation {
  readonly query: string;
  readonly variables: (pick: (below: number) => number, tracks: number) => Record<string, unknown>;
}

const CARD = 'id title year artist { id name }';
const TRACKS = `query ($filter: TrackFilter, $sort: TrackSort, $after: String) {
  tracks(filter: $filter, sort: $sort, first: 20, after: $after) { edges { node { ${CARD} } } pageInfo { endCursor } } }`;
const ARTISTS = `query ($filter: ArtistFilter, $sort: ArtistSort, $after: String) {
  artists(filter: $filter, sort: $sort, first: 20, after: $after) { edges { node { id name } } } }`;

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tracks = (variables: Operation['variables']): Operation => ({ query: TRACKS, variables });
const by = (filter: Operation['variables']) => tracks((pick, count) => ({ filter: filter(pick, count) }));
const artists = (variables: Operation['variables']): Operation => ({ query: ARTISTS, variables });

const yearOf = (year: number) => ({ yearFrom: year, yearTo: year });

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  node: {
    query: `query ($id: ID!) { track(id: $id) { ${CARD} } }`,
    variables: (pick, count) => ({ id: idOf('trk', pick(count)) }),
  },
  newest: tracks(() => ({})),
  'newest, further on': tracks((pick, count) => ({ after: cursor(idOf('trk', pick(count))) })),
  oldest: tracks((pick, count) => ({ sort: 'OLDEST', after: cursor(idOf('trk', pick(count))) })),
  'by title': tracks((pick, count) => ({
    sort: 'TITLE',
    after: cursor([`song ${pick(250_000)}`, idOf('trk', pick(count))]),
  })),
  'by year': tracks((pick, count) => ({
    sort: 'YEAR',
    after: cursor([1960 + pick(66), idOf('trk', pick(count))]),
  })),
  'by year, first page': tracks(() => ({ sort: 'YEAR' })),
  title: by((pick) => ({ title: `song ${pick(250_000)}` })),
  artistId: by((pick, count) => ({ artistId: idOf('art', pick(count / TRACKS_OF_PAGE)) })),
  ownerId: by((pick, count) => ({ ownerId: idOf('usr', pick(count / TRACKS_OF_PAGE / PAGES_OF_OWNER)) })),
  genre: by((pick) => ({ genre: ['Klezmer', 'Techno', 'Afrobeat', 'Тек-хаус'][pick(4)] })),
  'genre and below': by((pick) => ({ genre: ['Electronic', 'Rock', 'Jazz'][pick(3)] })),
  tag: by((pick) => ({ tag: `mood ${pick(20)}` })),
  'no such tag': by(() => ({ tag: 'nothing' })),
  'seldom tag': by((pick) => ({ tag: `word ${pick(5000)}` })),
  year: by((pick) => yearOf(2000 + pick(25))),
  years: by((pick) => ({ yearFrom: 1990 + pick(10), yearTo: 2005 + pick(10) })),
  language: by((pick) => ({ language: ['en', 'ru', 'ja', 'pt'][pick(4)] })),
  explicit: by((pick) => ({ explicit: pick(2) === 0 })),
  isrc: by((pick, count) => ({ isrc: `FIABC${String(pick(count)).padStart(7, '0')}` })),
  status: by((pick) => ({ status: ['READY', 'FAILED'][pick(2)] })),
  'genre by title': tracks((pick) => ({ sort: 'TITLE', filter: { genre: ['Klezmer', 'Rock'][pick(2)] } })),
  artists: artists((pick, count) => ({ after: cursor(idOf('art', pick(count / TRACKS_OF_PAGE))) })),
  'artists by name': artists((pick, count) => ({
    sort: 'NAME',
    after: cursor([`artist ${pick(count / TRACKS_OF_PAGE)}`, idOf('art', 0)]),
  })),
  'artists by country': artists((pick) => ({ filter: { country: ['RU', 'FI', 'SE'][pick(3)] } })),
  'confirmed artists': artists(() => ({ filter: { isVerified: true } })),
};
