import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playlistDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const LIST = `playlist {
  id title description visibility viewerRole trackCount seq
  items(first: 100) { edges { node { id position addedBy { id } track { id } } } }
  members { edges { node { role user { id } } } }
}`;

interface Item {
  readonly id: string;
  readonly position: string;
  readonly addedBy: { readonly id: string } | null;
  readonly track: { readonly id: string } | null;
}

const itemsOf = (playlist: { items: { edges: { node: Item }[] } }) =>
  playlist.items.edges.map(({ node }) => node);
const tracksOf = (playlist: Parameters<typeof itemsOf>[0]) => itemsOf(playlist).map(({ track }) => track?.id);
const places = (list: Item[]) => new Map(list.map(({ id, position }) => [id, position]));

describe('playlists', () => {
  const owner = aViewer();
  let albums: OpenAlbums;
  beforeAll(async () => {
    albums = await openAlbums();
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  const create = async (input: object = {}): Promise<string> =>
    (await albums.make(owner, 'createPlaylist', { title: 'Mine', ...input }, 'playlist { id }')).playlist.id;
  const change = async (who: Viewer, name: string, input: object) =>
    (await albums.make(who, name, input, LIST)).playlist;
  const refused = (who: Viewer, name: string, input: object) =>
    albums.refusals(who, name, input, 'playlist { id }');
  const sees = async (who: Viewer | null, id: string): Promise<boolean> =>
    (await albums.entity(who, 'Playlist', id, 'id')) !== null;
  const filled = async (count: number, input: object = {}) => {
    const playlistId = await create(input);
    const trackIds = await albums.manyTracks(count);
    return {
      playlistId,
      trackIds,
      items: itemsOf(await change(owner, 'addToPlaylist', { playlistId, trackIds })),
    };
  };

  it('changes what is given and leaves the rest', async () => {
    const playlistId = await create({ description: 'All' });
    expect(await change(owner, 'updatePlaylist', { playlistId, visibility: 'PUBLIC' })).toMatchObject({
      title: 'Mine',
      description: 'All',
      visibility: 'PUBLIC',
      seq: 1,
    });
    expect(
      await change(owner, 'updatePlaylist', { playlistId, title: 'Ours', description: null }),
    ).toMatchObject({ title: 'Ours', description: null, visibility: 'PUBLIC', seq: 2 });
  });

  it('moves one item and touches no other', async () => {
    const { playlistId, trackIds, items } = await filled(4);
    const [a, b, c, d] = trackIds;
    const move = (at: number, after: number | null) =>
      change(owner, 'movePlaylistItem', {
        playlistId,
        itemId: items[at]?.id,
        afterItemId: after === null ? null : items[after]?.id,
      });
    const once = await move(3, 0);
    expect(tracksOf(once)).toEqual([a, d, b, c]);
    const [before, after] = [places(items), places(itemsOf(once))];
    expect([...before].filter(([id, position]) => after.get(id) !== position)).toHaveLength(1);
    expect(tracksOf(await move(2, null))).toEqual([c, a, d, b]);
    expect(tracksOf(await move(2, null))).toEqual([c, a, d, b]);
    const itemId = items[0]?.id;
    expect(await refused(owner, 'movePlaylistItem', { playlistId, itemId, afterItemId: itemId })).toEqual([
      'BAD_USER_INPUT afterItemId',
    ]);
    expect(await refused(owner, 'movePlaylistItem', { playlistId, itemId: newId('PlaylistItem') })).toEqual([
      'NOT_FOUND itemId',
    ]);
  });

  it('gives out short positions again when they have grown long, and keeps the order', async () => {
    const { playlistId, items } = await filled(3);
    const [first, second, third] = items.map(({ id }) => id);
    // the same gap, halved again and again
    let [near, far] = [second, third];
    let longest = 0;
    for (let i = 0; i < 260; i++) {
      const moved = itemsOf(
        await change(owner, 'movePlaylistItem', { playlistId, itemId: far, afterItemId: first }),
      );
      expect(moved.map(({ id }) => id)).toEqual([first, far, near]);
      longest = Math.max(longest, ...moved.map(({ position }) => position.length));
      [near, far] = [far, near];
    }
    expect(longest).toBeLessThanOrEqual(32);
    expect(
      await albums.db.playlistChange.count({ where: { playlistId, kind: 'REBALANCED' } }),
    ).toBeGreaterThan(0);
  });

  it('takes items off, also one that is off already', async () => {
    const { playlistId, trackIds, items } = await filled(3);
    const input = { playlistId, itemIds: [items[0]?.id, items[2]?.id] };
    expect(tracksOf(await change(owner, 'removeFromPlaylist', input))).toEqual([trackIds[1]]);
    expect((await change(owner, 'removeFromPlaylist', input)).seq).toBe(2);
  });

  it('says what goes with a playlist before and when it is deleted, and states it', async () => {
    const deleted: string[] = [];
    await using _consumer = await albums.bus.consume(playlistDeleted, 'test', async ({ playlistId: id }) => {
      deleted.push(id);
    });
    const { playlistId } = await filled(2, { visibility: 'PUBLIC' });
    await change(aViewer(), 'followPlaylist', { playlistId });
    const fields = 'playlistId removedItemCount removedMemberCount removedFollowerCount dryRun';
    const gone = { playlistId, removedItemCount: 2, removedMemberCount: 0, removedFollowerCount: 1 };
    for (const dryRun of [true, false])
      expect(await albums.make(owner, 'deletePlaylist', { playlistId, dryRun }, fields)).toEqual({
        ...gone,
        dryRun,
      });
    expect(await sees(owner, playlistId)).toBe(false);
    for (const table of ['playlist_item', 'playlist_change', 'playlist_follow']) {
      const left = await albums.db.$queryRawUnsafe(
        `SELECT 1 FROM ${table} WHERE playlist_id = '${playlistId}'`,
      );
      expect([table, left]).toEqual([table, []]);
    }
    await albums.settle();
    expect(deleted).toEqual([playlistId]);
  });

  it('lets an editor edit, a viewer look, and neither own', async () => {
    const { playlistId, items } = await filled(1);
    const [editor, watcher, stranger] = [aViewer(), aViewer(), aViewer()];
    const set = (userId: string, role: string) =>
      change(owner, 'setPlaylistMember', { playlistId, userId, role });
    await set(editor.userId, 'EDITOR');
    expect((await set(watcher.userId, 'VIEWER')).members.edges).toEqual([
      { node: { role: 'EDITOR', user: { id: editor.userId } } },
      { node: { role: 'VIEWER', user: { id: watcher.userId } } },
    ]);
    const [trackId] = await albums.manyTracks(1);
    const added = await change(editor, 'addToPlaylist', { playlistId, trackIds: [trackId] });
    expect(itemsOf(added).map(({ addedBy }) => addedBy?.id)).toEqual([owner.userId, editor.userId]);

    const itemIds = [items[0]?.id];
    for (const [who, code] of [
      [watcher, 'FORBIDDEN'],
      [stranger, 'NOT_FOUND'],
    ] as const) {
      for (const [name, input] of [
        ['addToPlaylist', { trackIds: [trackId] }],
        ['removeFromPlaylist', { itemIds }],
        ['movePlaylistItem', { itemId: itemIds[0] }],
        ['updatePlaylist', { title: 'Theirs' }],
      ] as const)
        expect([name, await refused(who, name, { playlistId, ...input })]).toEqual([
          name,
          [`${code} playlistId`],
        ]);
    }
    expect([await sees(watcher, playlistId), await sees(stranger, playlistId)]).toEqual([true, false]);
    for (const [name, input] of [
      ['setPlaylistMember', { userId: stranger.userId, role: 'EDITOR' }],
      ['removePlaylistMember', { userId: watcher.userId }],
      ['updatePlaylist', { visibility: 'PUBLIC' }],
      ['revokePlaylistInvites', {}],
    ] as const)
      expect(await refused(editor, name, { playlistId, ...input })).toEqual(['FORBIDDEN playlistId']);
    expect(await albums.refusals(editor, 'deletePlaylist', { playlistId }, 'playlistId')).toEqual([
      'FORBIDDEN playlistId',
    ]);

    await change(owner, 'removePlaylistMember', { playlistId, userId: watcher.userId });
    await albums.make(editor, 'leavePlaylist', { playlistId }, 'playlistId');
    expect([await sees(watcher, playlistId), await sees(editor, playlistId)]).toEqual([false, false]);
    expect(await albums.refusals(owner, 'leavePlaylist', { playlistId }, 'playlistId')).toEqual([
      'FORBIDDEN playlistId',
    ]);
  });

  it('lets in whoever has a secret that is still good', async () => {
    const playlistId = await create();
    const invite = async (role: string) =>
      albums.make(owner, 'createPlaylistInvite', { playlistId, role }, 'token invite { id role }');
    const [forViewers, forEditors] = [await invite('VIEWER'), await invite('EDITOR')];
    const guest = aViewer();
    const join = (token: string, who = guest) => change(who, 'joinPlaylist', { token });
    expect((await join(forViewers.token)).viewerRole).toBe('VIEWER');
    expect((await join(forEditors.token)).viewerRole).toBe('EDITOR');
    expect((await join(forViewers.token)).viewerRole).toBe('EDITOR');
    expect((await join(forViewers.token, owner)).viewerRole).toBe('OWNER');
    const shared = 'sharedPlaylists { edges { node { id } } }';
    expect((await albums.entity(guest, 'User', guest.userId, shared)).sharedPlaylists.edges).toEqual([
      { node: { id: playlistId } },
    ]);
    expect((await albums.entity(owner, 'User', guest.userId, shared)).sharedPlaylists).toBeNull();

    const stored = JSON.stringify(await albums.db.playlistInvite.findMany());
    expect(stored).not.toContain(forEditors.token);
    expect((await albums.entity(owner, 'Playlist', playlistId, 'invites { id }')).invites).toHaveLength(2);
    expect((await albums.entity(guest, 'Playlist', playlistId, 'invites { id }')).invites).toBeNull();
    await albums.db.playlistInvite.update({
      where: { id: forViewers.invite.id },
      data: { expiresAt: new Date(0) },
    });
    await albums.make(owner, 'revokePlaylistInvites', { playlistId }, 'playlist { id }');
    for (const token of [forViewers.token, forEditors.token, '', 'x'])
      expect(await refused(aViewer(), 'joinPlaylist', { token })).toEqual(['INVALID_INVITE token']);
  });

  it('follows what one may see, and forgets nothing when it becomes private', async () => {
    const playlistId = await create({ visibility: 'PUBLIC' });
    const fan = aViewer();
    const followed = async () =>
      (
        await albums.entity(
          fan,
          'User',
          fan.userId,
          'followedPlaylists { edges { node { id followerCount viewerIsFollowing } } }',
        )
      ).followedPlaylists.edges;
    for (let i = 0; i < 2; i++) await change(fan, 'followPlaylist', { playlistId });
    const edge = { node: { id: playlistId, followerCount: 1, viewerIsFollowing: true } };
    expect(await followed()).toEqual([edge]);
    await change(owner, 'updatePlaylist', { playlistId, visibility: 'PRIVATE' });
    expect(await followed()).toEqual([]);
    await change(owner, 'updatePlaylist', { playlistId, visibility: 'UNLISTED' });
    expect(await followed()).toEqual([edge]);
    await change(fan, 'unfollowPlaylist', { playlistId });
    expect(await followed()).toEqual([]);
    expect(await refused(owner, 'followPlaylist', { playlistId })).toEqual(['BAD_USER_INPUT playlistId']);
    expect(await refused(fan, 'followPlaylist', { playlistId: await create() })).toEqual([
      'NOT_FOUND playlistId',
    ]);
  });

  it('files playlists in folders of one’s own, five deep and in no circle', async () => {
    const fan = aViewer();
    const folder = async (name: string, parentId: string | null = null): Promise<string> =>
      (await albums.make(fan, 'createPlaylistFolder', { name, parentId }, 'folder { id }')).folder.id;
    const path = [await folder('0')];
    for (let i = 1; i < 5; i++) path.push(await folder(String(i), path.at(-1)));
    const refusal = (name: string, input: object) => albums.refusals(fan, name, input, 'folder { id }');
    const [top, , third, , last] = path;
    expect(await refusal('createPlaylistFolder', { name: '5', parentId: last })).toEqual([
      'FOLDER_TOO_DEEP parentId',
    ]);
    for (const parentId of [top, third])
      expect(await refusal('updatePlaylistFolder', { folderId: top, parentId })).toEqual([
        'FOLDER_IN_ITSELF parentId',
      ]);
    const other = await folder('other');
    expect(await refusal('updatePlaylistFolder', { folderId: third, parentId: other })).toEqual([]);
    expect(await refusal('updatePlaylistFolder', { folderId: other, parentId: last })).toEqual([
      'FOLDER_IN_ITSELF parentId',
    ]);
    expect(
      await albums.refusals(owner, 'updatePlaylistFolder', { folderId: other, name: 'x' }, 'folder { id }'),
    ).toEqual(['NOT_FOUND folderId']);

    const playlistId = await create({ visibility: 'PUBLIC' });
    await albums.make(fan, 'filePlaylist', { playlistId, folderId: last }, 'playlist { id }');
    const tree = `playlistFolders { name folders { name folders { name folders { name
      playlists { edges { node { id folder { name } } } } } } } }`;
    const { playlistFolders } = await albums.entity(fan, 'User', fan.userId, tree);
    expect(playlistFolders.map(({ name }: { name: string }) => name)).toEqual(['0', 'other']);
    expect(playlistFolders[1].folders[0].folders[0].folders[0].playlists.edges).toEqual([
      { node: { id: playlistId, folder: { name: '4' } } },
    ]);
    expect((await albums.entity(owner, 'Playlist', playlistId, 'folder { name }')).folder).toBeNull();
    const fields = 'removedFolderCount unfiledPlaylistCount';
    expect(await albums.make(fan, 'deletePlaylistFolder', { folderId: other }, fields)).toEqual({
      removedFolderCount: 4,
      unfiledPlaylistCount: 1,
    });
    expect((await albums.entity(fan, 'Playlist', playlistId, 'id folder { name }')).folder).toBeNull();
  });
});
