import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { watchStatements } from '@volna/platform/testing/statements';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const ROWS = 110;
const TRACK = 'id viewerReaction album { id title trackCount cover { url } artists { role } }';
const PLAYLIST = `id trackCount followerCount viewerIsFollowing folder { name } invites { id }
  members(first: 5) { edges { node { role user { id } } } }
  items(first: 3) { edges { node { addedBy { id } track { ${TRACK} } } } }`;
const pageOf = (field: string, node: string) =>
  `${field}, after: $after) { edges { node { ${node} } } pageInfo { hasNextPage endCursor } }`;

/** Each list of a user, an artist, an album, a playlist or of all, by the type that it is of. */
const LISTS: Readonly<Record<string, readonly [type: string, list: string]>> = {
  library: ['User', pageOf('library(first: $first', TRACK)],
  'library by title': ['User', pageOf('library(sort: TITLE, first: $first', TRACK)],
  'library by artist': ['User', pageOf('library(sort: ARTIST, filter: { text: "t" }, first: $first', TRACK)],
  playlists: ['User', pageOf('playlists(first: $first', PLAYLIST)],
  sharedPlaylists: ['User', pageOf('sharedPlaylists(first: $first', PLAYLIST)],
  followedPlaylists: ['User', pageOf('followedPlaylists(first: $first', PLAYLIST)],
  albums: [
    'Artist',
    pageOf(
      'albums(first: $first',
      'id trackCount artists { role } tracks(first: 2) { edges { node { id } } }',
    ),
  ],
  appearsOn: ['Artist', pageOf('appearsOn(first: $first', 'id title trackCount')],
  tracks: ['Album', pageOf('tracks(first: $first', TRACK)],
  places: ['Album', pageOf('places(first: $first', `disc number track { ${TRACK} }`)],
  items: ['Playlist', pageOf('items(first: $first', `id track { ${TRACK} }`)],
  members: ['Playlist', pageOf('members(first: $first', 'role user { id }')],
  'playlists of a folder': ['Folder', pageOf('playlists(first: $first', PLAYLIST)],
  'smart items': ['Smart', pageOf('items(first: $first', `id track { ${TRACK} }`)],
  recentlyAdded: ['Query', pageOf('recentlyAdded(first: $first', TRACK)],
};

/** Without those of the relay and the sweeper, which work beside a request; reading takes no transaction. */
function own(statements: readonly string[]): string[] {
  return statements.filter((text) => !/outbox|advisory|SCHEDULED|^(?:BEGIN|COMMIT|ROLLBACK|SET)/.test(text));
}

const at = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(i / 2)));
const key = ({ node }: { node: { id?: string; track?: { id: string }; user?: { id: string } } }) =>
  node.id ?? node.track?.id ?? node.user?.id;

describe('lists of albums', () => {
  const me = aViewer();
  let albums: OpenAlbums;
  let folderId: string;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    albums = await openAlbums();
    const { db, artistId } = albums;
    const trackIds = await albums.manyTracks(ROWS);
    const many = <Row>(make: (i: number) => Row) => Array.from({ length: ROWS }, (_, i) => make(i));

    await db.reaction.createMany({
      data: trackIds.map((trackId, i) => ({ userId: me.userId, trackId, reaction: 'LIKE', at: at(i) })),
    });
    const guest = newId('Artist');
    const albumIds = many(() => newId('Album'));
    const album = { artistId, ownerId: albums.artist.userId, title: 'Days', type: 'ALBUM' };
    await db.album.createMany({
      data: albumIds.map((id, i) => ({ ...album, id, sortDate: String(1900 + i) })),
    });
    await db.albumArtist.createMany({
      data: albumIds.map((albumId) => ({ albumId, artistId: guest, role: 'FEATURED', position: 1 })),
    });
    const [albumId = ''] = albumIds;
    await db.albumTrack.createMany({
      data: trackIds.map((trackId, position) => ({
        albumId,
        trackId,
        position,
        disc: 1 + Math.floor(position / 20),
      })),
    });

    const [mine, theirs] = [many(() => newId('Playlist')), many(() => newId('Playlist'))];
    const shared = { title: 'List', visibility: 'PUBLIC' };
    await db.playlist.createMany({
      data: [
        ...mine.map((id) => ({ ...shared, id, ownerId: me.userId, smart: { rule: null } })),
        ...theirs.map((id) => ({ ...shared, id, ownerId: albums.artist.userId })),
      ],
    });
    const kept = theirs.map((playlistId) => ({ playlistId, userId: me.userId }));
    await db.playlistMember.createMany({
      data: kept.map((row, i) => ({ ...row, role: 'EDITOR', joinedAt: at(i) })),
    });
    await db.playlistFollow.createMany({ data: kept.map((row, i) => ({ ...row, at: at(i) })) });
    const [full = ''] = theirs;
    // one each, so that a page of any of them leads as far as a page of all
    const [anyTrack = ''] = trackIds;
    await db.playlistItem.createMany({
      data: theirs.map((playlistId) => ({
        id: newId('PlaylistItem'),
        playlistId,
        trackId: anyTrack,
        position: 'a0',
      })),
    });
    await db.playlistMember.createMany({
      data: many((i) => ({ playlistId: full, userId: newId('User'), role: 'VIEWER', joinedAt: at(i) })),
    });
    await albums.make(
      me,
      'addToPlaylist',
      { playlistId: full, trackIds: trackIds.slice(0, 100) },
      'playlist { id }',
    );
    await albums.make(
      me,
      'addToPlaylist',
      { playlistId: full, trackIds: trackIds.slice(100) },
      'playlist { id }',
    );
    const made = await albums.make(me, 'createPlaylistFolder', { name: 'All' }, 'folder { id }');
    folderId = made.folder.id;
    await db.filedPlaylist.createMany({ data: kept.map((row) => ({ ...row, folderId })) });
    const smart = { title: 'Smart', smart: { sort: 'TITLE', direction: 'ASC', limit: ROWS } };
    const { playlist } = await albums.make(
      albums.artist,
      'createPlaylist',
      { ...smart, visibility: 'PUBLIC' },
      'playlist { id }',
    );
    Object.assign(ids, {
      User: me.userId,
      Artist: artistId,
      Album: albumId,
      Playlist: full,
      Smart: playlist.id,
      Guest: guest,
    });
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  /** A page of a list, as the gateway asks for it. */
  async function page(name: string, first: number, after: string | null = null) {
    const [type, list] = LISTS[name]!;
    const variables = { first, after };
    if (type === 'Query') {
      const data = await albums.ask(me, `query ($first: Int!, $after: String) { ${list} }`, variables);
      return data.recentlyAdded;
    }
    const entity = type === 'Smart' ? 'Playlist' : type === 'Folder' ? 'User' : type;
    const fields = type === 'Folder' ? `playlistFolders { ${list} }` : list;
    const query = `query ($of: [_Any!]!, $first: Int!, $after: String) {
      _entities(representations: $of) { ... on ${entity} { ${fields} } } }`;
    const id = type === 'Folder' ? me.userId : name === 'appearsOn' ? ids.Guest : ids[type];
    const { _entities } = await albums.ask(me, query, { ...variables, of: [{ __typename: entity, id }] });
    const [found] = Object.values(_entities[0] as object);
    return type === 'Folder' ? found[0].playlists : found;
  }

  async function countOf(name: string, first: number, after: string | null = null): Promise<number> {
    using statements = watchStatements();
    const { edges } = await page(name, first, after);
    expect([name, edges.length]).toEqual([name, first]);
    return own(statements.texts).length;
  }

  it.each(Object.keys(LISTS))(
    '%s costs as many statements for a hundred as for ten, on any page',
    async (name) => {
      const short = await countOf(name, 10);
      const { pageInfo } = await page(name, 90);
      expect([await countOf(name, 100), await countOf(name, 10, pageInfo.endCursor)]).toEqual([short, short]);
    },
  );

  it.each(Object.keys(LISTS))('%s gives each row once, whatever the pages', async (name) => {
    const seen: unknown[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = await page(name, 7, after);
      seen.push(...edges.map(key));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(ROWS);
    expect(seen.slice(0, 100)).toEqual((await page(name, 100)).edges.map(key));
  });

  it('a page of tracks with albums, their covers and reactions takes two statements', async () => {
    const of = (await page('recentlyAdded', 50)).edges.map(({ node }: { node: { id: string } }) => ({
      __typename: 'Track',
      id: node.id,
    }));
    using statements = watchStatements();
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
      viewerReaction album { id title trackCount cover { url } } } } }`;
    await albums.ask(me, query, { of });
    expect(own(statements.texts)).toHaveLength(2);
  });

  it('what is put in before a page does not move it', async () => {
    const input = { title: 'Moving' };
    const { id: playlistId } = (await albums.make(me, 'createPlaylist', input, 'playlist { id }')).playlist;
    const trackIds = await albums.manyTracks(4);
    const items = 'playlist { items { edges { cursor node { id track { id } } } } }';
    const { playlist } = await albums.make(me, 'addToPlaylist', { playlistId, trackIds }, items);
    const [first, second] = playlist.items.edges;
    const rest = async () =>
      (
        await albums.ask(
          me,
          'query ($id: ID!, $after: String) { playlist(id: $id) { items(after: $after) { edges { node { track { id } } } } } }',
          { id: playlistId, after: second.cursor },
        )
      ).playlist.items.edges.map(({ node }: { node: { track: { id: string } } }) => node.track.id);
    const before = { playlistId, trackIds: trackIds.slice(0, 1), afterItemId: first.node.id };
    await albums.make(me, 'addToPlaylist', before, 'playlist { id }');
    expect(await rest()).toEqual(trackIds.slice(2));
    // the item of the cursor moves, or goes
    const move = { playlistId, itemId: second.node.id, afterItemId: null };
    await albums.make(me, 'movePlaylistItem', move, 'playlist { id }');
    expect(await rest()).toEqual([trackIds[0], trackIds[0], ...trackIds.slice(2)]);
    await albums.make(me, 'removeFromPlaylist', { playlistId, itemIds: [second.node.id] }, 'playlist { id }');
    expect(await rest()).toEqual(trackIds.slice(2));
  });
});
