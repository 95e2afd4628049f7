import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackDeleted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const WATCH = `subscription ($id: ID!, $sinceSeq: Int) {
  playlistUpdated(id: $id, sinceSeq: $sinceSeq) {
    seq kind isComplete removedItemIds playlist { id title trackCount } items { id position track { id } }
  }
}`;
const EDITORS = 8;
const STEPS = 12;

interface Update {
  readonly seq: number;
  readonly kind: string;
  readonly isComplete: boolean;
  readonly removedItemIds: string[];
  readonly playlist: { readonly title: string };
  readonly items: { readonly id: string; readonly position: string }[];
}

/** What a client does with updates. */
class Copy {
  readonly items = new Map<string, string>();
  seq = 0;
  apply({ kind, items, removedItemIds, seq }: Update, isFirstPart: boolean): void {
    if (kind === 'SNAPSHOT' && isFirstPart) this.items.clear();
    for (const { id, position } of items) this.items.set(id, position);
    for (const id of removedItemIds) this.items.delete(id);
    this.seq = seq;
  }
  order(): string[] {
    return [...this.items].toSorted(([, a], [, b]) => (a < b ? -1 : 1)).map(([id]) => id);
  }
}

describe('a playlist that is watched', () => {
  const owner = aViewer();
  let albums: OpenAlbums;
  beforeAll(async () => {
    albums = await openAlbums();
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  const create = async (visibility = 'PRIVATE'): Promise<string> =>
    (await albums.make(owner, 'createPlaylist', { title: 'Live', visibility }, 'playlist { id }')).playlist
      .id;
  const add = async (playlistId: string, trackIds: string[], who: Viewer = owner): Promise<string[]> => {
    await albums.make(who, 'addToPlaylist', { playlistId, trackIds }, 'playlist { id }');
    return stored(playlistId);
  };
  const stored = async (playlistId: string): Promise<string[]> => {
    const rows = await albums.db.playlistItem.findMany({
      where: { playlistId },
      orderBy: { position: 'asc' },
    });
    return rows.map(({ id }) => id);
  };
  const watch = (id: string, sinceSeq: number | null = null, who: Viewer | null = owner) =>
    albums.watch(who, WATCH, { id, sinceSeq });
  const next = async (updates: ReturnType<typeof watch>): Promise<Update> => {
    const { value } = await updates.next();
    expect(value.errors).toBeUndefined();
    return value.data.playlistUpdated;
  };

  it('tells what it is, then each change with the next number', async () => {
    const playlistId = await create();
    const [one, two] = await albums.manyTracks(2);
    const [first] = await add(playlistId, [one!]);
    const updates = watch(playlistId);
    expect(await next(updates)).toMatchObject({
      kind: 'SNAPSHOT',
      seq: 1,
      isComplete: true,
      items: [{ id: first, track: { id: one } }],
    });
    const [, second] = await add(playlistId, [two!]);
    expect(await next(updates)).toMatchObject({
      kind: 'ITEMS_ADDED',
      seq: 2,
      items: [{ id: second }],
      playlist: { trackCount: 2 },
    });
    const move = { playlistId, itemId: second, afterItemId: null };
    await albums.make(owner, 'movePlaylistItem', move, 'playlist { id }');
    expect(await next(updates)).toMatchObject({ kind: 'ITEMS_MOVED', seq: 3, items: [{ id: second }] });
    await albums.make(owner, 'updatePlaylist', { playlistId, title: 'Aloud' }, 'playlist { id }');
    expect(await next(updates)).toMatchObject({ kind: 'CHANGED', seq: 4, playlist: { title: 'Aloud' } });
    await albums.bus.publish(trackDeleted, { trackId: one as never, ownerId: albums.artist.userId });
    expect(await next(updates)).toMatchObject({ kind: 'ITEMS_REMOVED', seq: 5, removedItemIds: [first] });
    await updates.return(undefined);
  });

  it('gives whoever comes back what they missed, and everything where that is not known', async () => {
    const playlistId = await create();
    const [one, two] = await albums.manyTracks(2);
    await add(playlistId, [one!]);
    const ids = await add(playlistId, [two!]);
    for (const [sinceSeq, kind, seq, items] of [
      [1, 'ITEMS_ADDED', 2, ids.slice(1)],
      [0, 'ITEMS_ADDED', 1, ids.slice(0, 1)],
      [99, 'SNAPSHOT', 2, ids],
    ] as const) {
      const updates = watch(playlistId, sinceSeq);
      const update = await next(updates);
      expect([update.kind, update.seq, update.items.map(({ id }) => id)]).toEqual([kind, seq, items]);
      await updates.return(undefined);
    }
    await albums.db.playlistChange.deleteMany({ where: { playlistId, seq: 1 } });
    const updates = watch(playlistId, 0);
    expect(await next(updates)).toMatchObject({ kind: 'SNAPSHOT', seq: 2 });
    await updates.return(undefined);
  });

  it('tells a long list in parts', async () => {
    const playlistId = await create();
    const trackIds = await albums.manyTracks(100);
    for (let i = 0; i < 6; i++) await add(playlistId, trackIds);
    const updates = watch(playlistId);
    const parts = [await next(updates), await next(updates)];
    expect(parts.map(({ items, isComplete }) => [items.length, isComplete])).toEqual([
      [500, false],
      [100, true],
    ]);
    expect(parts.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(await stored(playlistId));
    await updates.return(undefined);
  });

  it('ends when the viewer may not see it any more, and when it is gone', async () => {
    const playlistId = await create();
    const guest = aViewer();
    const member = { playlistId, userId: guest.userId };
    await albums.make(owner, 'setPlaylistMember', { ...member, role: 'VIEWER' }, 'playlist { id }');
    const [theirs, own] = [watch(playlistId, null, guest), watch(playlistId)];
    for (const updates of [theirs, own]) expect((await next(updates)).kind).toBe('SNAPSHOT');
    await albums.make(owner, 'removePlaylistMember', member, 'playlist { id }');
    expect(await theirs.next()).toEqual({ done: true, value: undefined });
    expect((await next(own)).kind).toBe('CHANGED');
    await albums.make(owner, 'deletePlaylist', { playlistId }, 'playlistId');
    expect(await own.next()).toEqual({ done: true, value: undefined });
  });

  it('is not told of to whom may not see it', async () => {
    for (const id of [await create(), newId('Playlist')]) {
      const { value } = await watch(id, null, aViewer()).next();
      expect(value.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
  });

  it('loses nothing when eight people edit it at once, and every watcher ends with the same list', async () => {
    const playlistId = await create();
    const trackIds = await albums.manyTracks(20);
    const editors = Array.from({ length: EDITORS }, () => aViewer());
    for (const { userId } of editors) {
      const member = { playlistId, userId, role: 'EDITOR' };
      await albums.make(owner, 'setPlaylistMember', member, 'playlist { id }');
    }
    const [added, removed] = [new Set<string>(), new Set<string>()];
    const copy = new Copy();
    const updates = watch(playlistId);
    const seqs: number[] = [];

    async function edit(who: Viewer, seed: number): Promise<void> {
      const random = dice(seed);
      for (let step = 0; step < STEPS; step++) {
        const there = await stored(playlistId);
        const pick = () => there[Math.floor(random() * there.length)];
        const kind = there.length < 4 ? 0 : random();
        if (kind < 0.5) {
          const trackId = trackIds[Math.floor(random() * trackIds.length)];
          const input = { playlistId, trackIds: [trackId], afterItemId: random() < 0.5 ? pick() : null };
          // the item may be gone by now
          const { playlist } = await albums.change(who, 'addToPlaylist', input, 'playlist { seq }');
          if (playlist) {
            const log = await albums.db.playlistChange.findUniqueOrThrow({
              where: { playlistId_seq: { playlistId, seq: playlist.seq } },
            });
            log.itemIds.forEach((id) => added.add(id));
          }
        } else if (kind < 0.8) {
          await albums.change(
            who,
            'movePlaylistItem',
            { playlistId, itemId: pick(), afterItemId: pick() },
            'playlist { id }',
          );
        } else {
          const itemId = pick();
          const input = { playlistId, itemIds: [itemId] };
          const { playlist } = await albums.change(who, 'removeFromPlaylist', input, 'playlist { id }');
          if (playlist) removed.add(itemId ?? '');
        }
      }
    }

    await Promise.all(editors.map((who, i) => edit(who, i + 1)));
    const survivors = await stored(playlistId);
    expect(survivors.toSorted()).toEqual([...added].filter((id) => !removed.has(id)).toSorted());
    const { trackCount, seq } = await albums.entity(owner, 'Playlist', playlistId, 'trackCount seq');
    expect(trackCount).toBe(survivors.length);
    let isFirstPart = true;
    while (copy.seq < seq) {
      const update = await next(updates);
      copy.apply(update, isFirstPart);
      isFirstPart = update.isComplete;
      seqs.push(update.seq);
    }
    await updates.return(undefined);
    expect(copy.order()).toEqual(survivors);
    expect(seqs.slice(1)).toEqual(seqs.slice(1).map((_, i) => (seqs[0] ?? 0) + i + 1));
  });
});

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
