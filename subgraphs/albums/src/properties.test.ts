import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TrackId, trackDeleted } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const RUNS = { numRuns: 12 };
const at = fc.nat({ max: 20 });
const disc = fc.integer({ min: 1, max: 4 });

const anAlbumStep = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), at, disc }),
  fc.record({ kind: fc.constant('remove' as const), at }),
  fc.record({ kind: fc.constant('move' as const), at, disc, number: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('reverse' as const), disc }),
  fc.record({ kind: fc.constant('delete' as const), at }),
);
const aListStep = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), at, count: fc.integer({ min: 1, max: 4 }), behind: at }),
  fc.record({ kind: fc.constant('remove' as const), at }),
  fc.record({ kind: fc.constant('move' as const), at, behind: fc.option(at) }),
  fc.record({ kind: fc.constant('delete' as const), at }),
  fc.record({ kind: fc.constant('describe' as const) }),
);

describe('after any sequence of changes', () => {
  let albums: OpenAlbums;
  beforeAll(async () => {
    albums = await openAlbums();
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  const remove = async (trackId: string) => {
    await albums.bus.publish(trackDeleted, { trackId: trackId as TrackId, ownerId: albums.artist.userId });
    await albums.bus.idle();
  };

  it('the order of an album is dense, disc after disc, and is what a simple list would be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anAlbumStep, { maxLength: 14 }), async (steps) => {
        const { artist, artistId } = albums;
        const made = await albums.make(artist, 'createAlbum', { artistId, title: 'Any' }, 'album { id }');
        const albumId = made.album.id as string;
        let tracks = await albums.manyTracks(6);
        let model: { trackId: string; disc: number }[] = [];
        let version = 1;
        const change = async (name: string, input: object) => {
          const { album } = await albums.change(artist, name, { albumId, ...input }, 'album { version }');
          if (album) version = album.version;
        };
        for (const step of steps) {
          const trackId = tracks[('at' in step ? step.at : 0) % Math.max(1, tracks.length)] ?? '';
          const isOn = model.some((place) => place.trackId === trackId);
          const others = model.filter((place) => place.trackId !== trackId);
          if (step.kind === 'add') {
            await change('addTracksToAlbum', { trackIds: [trackId], disc: step.disc, version });
            if (!isOn && trackId) model = sorted([...model, { trackId, disc: step.disc }]);
          } else if (step.kind === 'remove') {
            await change('removeTracksFromAlbum', { trackIds: [trackId] });
            model = others;
          } else if (step.kind === 'move') {
            const move = { trackId, disc: step.disc, number: step.number };
            await change('reorderAlbumTracks', { move, version });
            if (isOn) {
              const same = others.filter((place) => place.disc === step.disc);
              same.splice(step.number - 1, 0, { trackId, disc: step.disc });
              model = sorted([...others.filter((place) => place.disc !== step.disc), ...same]);
            }
          } else if (step.kind === 'reverse') {
            const order = model.toReversed().map((place) => ({ ...place, disc: step.disc }));
            await change('reorderAlbumTracks', { order });
            model = order;
          } else if (trackId) {
            await remove(trackId);
            if (isOn) version++;
            model = others;
            tracks = tracks.filter((id) => id !== trackId);
          }
        }
        const rows = await albums.db.albumTrack.findMany({
          where: { albumId },
          orderBy: { position: 'asc' },
        });
        expect(rows.map(({ position }) => position)).toEqual(model.map((_, place) => place));
        expect(rows.map(({ trackId, disc: on }) => ({ trackId, disc: on }))).toEqual(model);
        const told = await albums.entity(artist, 'Album', albumId, 'trackCount version');
        expect(told).toEqual({ trackCount: model.length, version });
      }),
      RUNS,
    );
  });

  it('a playlist is in one order, its count true, its log whole and nothing an orphan', async () => {
    const owner = aViewer();
    await fc.assert(
      fc.asyncProperty(fc.array(aListStep, { maxLength: 14 }), async (steps) => {
        const made = await albums.make(owner, 'createPlaylist', { title: 'Any' }, 'playlist { id }');
        const playlistId = made.playlist.id as string;
        let tracks = await albums.manyTracks(4);
        let model: { id: string; trackId: string }[] = [];
        const idAt = (place: number) => model[place % Math.max(1, model.length)]?.id;
        const change = (name: string, input: object) =>
          albums.change(owner, name, { playlistId, ...input }, 'playlist { id }');
        const stored = async () =>
          (
            await albums.db.playlistItem.findMany({ where: { playlistId }, orderBy: { position: 'asc' } })
          ).map(({ id, trackId }) => ({ id, trackId }));
        for (const step of steps) {
          if (step.kind === 'add' && tracks.length > 0) {
            const trackIds = Array.from(
              { length: step.count },
              (_, i) => tracks[(step.at + i) % tracks.length] ?? '',
            );
            const afterItemId = idAt(step.behind);
            await change('addToPlaylist', { trackIds, ...(afterItemId && { afterItemId }) });
            const known = new Set(model.map(({ id }) => id));
            const fresh = (await stored()).filter(({ id }) => !known.has(id));
            const place = afterItemId ? model.findIndex(({ id }) => id === afterItemId) + 1 : model.length;
            const expected = trackIds.map((trackId, i) => ({ id: fresh[i]?.id ?? '', trackId }));
            model = model.toSpliced(place, 0, ...expected);
          } else if (step.kind === 'remove' && model.length > 0) {
            const itemId = idAt(step.at);
            await change('removeFromPlaylist', { itemIds: [itemId, itemId] });
            model = model.filter(({ id }) => id !== itemId);
          } else if (step.kind === 'move' && model.length > 0) {
            const [itemId, afterItemId] = [idAt(step.at), step.behind === null ? null : idAt(step.behind)];
            await change('movePlaylistItem', { itemId, afterItemId });
            const item = model.find(({ id }) => id === itemId);
            if (item && itemId !== afterItemId) {
              const others = model.filter(({ id }) => id !== itemId);
              model = others.toSpliced(others.findIndex(({ id }) => id === afterItemId) + 1, 0, item);
            }
          } else if (step.kind === 'delete' && tracks.length > 0) {
            const gone = tracks[step.at % tracks.length] ?? '';
            await remove(gone);
            tracks = tracks.filter((id) => id !== gone);
            model = model.filter(({ trackId }) => trackId !== gone);
          } else if (step.kind === 'describe') await change('updatePlaylist', { description: 'x' });
        }
        expect(await stored()).toEqual(model);
        const { trackCount, seq } = await albums.entity(owner, 'Playlist', playlistId, 'trackCount seq');
        expect(trackCount).toBe(model.length);
        const log = await albums.db.playlistChange.findMany({
          where: { playlistId },
          orderBy: { seq: 'asc' },
        });
        expect(log.map((entry) => entry.seq)).toEqual(Array.from({ length: seq }, (_, i) => i + 1));
      }),
      RUNS,
    );
    const orphans = await albums.db.$queryRaw`
      SELECT track_id FROM playlist_item i JOIN track_ref t ON t.id = i.track_id WHERE t.deleted
      UNION ALL SELECT track_id FROM album_track a JOIN track_ref t ON t.id = a.track_id WHERE t.deleted`;
    expect(orphans).toEqual([]);
  });
});

function sorted<Place extends { readonly disc: number }>(places: readonly Place[]): Place[] {
  return places.toSorted((a, b) => a.disc - b.disc);
}
