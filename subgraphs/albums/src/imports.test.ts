import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ArtistId,
  type DataOf,
  newId,
  type TrackId,
  trackDeleted,
  trackImported,
  trackOpennessChanged,
} from '@volna/events';
import { anOpening } from '@volna/platform/testing/openness';
import * as fc from 'fast-check';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

type Imported = DataOf<typeof trackImported>;
type Facts = Partial<Omit<Imported, 'album'>> & { readonly album?: Partial<Imported['album']> };

let albums: OpenAlbums;
beforeAll(async () => {
  albums = await openAlbums();
});
afterAll(() => albums[Symbol.asyncDispose]());

function imported(albumArtistId: ArtistId, { album, ...facts }: Facts = {}): Imported {
  return {
    trackId: newId('Track'),
    ownerId: albums.artist.userId,
    albumArtistId,
    album: {
      title: 'Low Tide',
      releaseDate: null,
      isCompilation: false,
      label: null,
      upc: null,
      ...album,
    },
    disc: 1,
    number: null,
    ...facts,
  };
}

async function state(...events: Imported[]): Promise<void> {
  for (const event of events) await albums.bus.publish(trackImported, event);
  await albums.bus.idle();
}

/** The albums of a page as they are stored, their tracks in order. */
async function albumsOf(artistId: string) {
  const rows = await albums.db.album.findMany({
    where: { artistId },
    include: { tracks: { orderBy: { position: 'asc' } } },
    orderBy: { title: 'asc' },
  });
  return rows.map(({ title, type, releaseDate, label, upc, status, tracks }) => ({
    title,
    type,
    releaseDate,
    label,
    upc,
    status,
    tracks: tracks.map(({ trackId, disc }) => `${disc} ${trackId}`),
  }));
}

const A_DATE = fc.constantFrom(null, '2019', '2019-05', '2019-05-17', 'no date');
const A_TRACK = fc.record({
  disc: fc.integer({ min: 1, max: 3 }),
  number: fc.option(fc.integer({ min: 1, max: 9 })),
  title: fc.constantFrom('Low Tide', 'low tide ', 'Low  Tide!', 'LOW TIDE (feat. Bob)'),
  releaseDate: A_DATE,
  label: fc.constantFrom(null, 'Shore', 'Shore Records'),
  isCompilation: fc.boolean(),
  isOpen: fc.boolean(),
  isDeleted: fc.boolean(),
});

describe('tracks that were imported', () => {
  it('make one same album in whatever order, and however often, they are told of', async () => {
    const told = fc.array(A_TRACK, { minLength: 1, maxLength: 8 }).chain((tracks) =>
      fc.record({
        tracks: fc.constant(tracks),
        orders: fc.tuple(anOrder(tracks.length), anOrder(tracks.length)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(told, async ({ tracks, orders }) => {
        const ids = tracks.map(() => newId('Track'));
        const made = [];
        for (const order of orders) {
          const artistId = newId('Artist');
          // the ids sort the same, so that tracks without a number do
          const own = ids.map(
            (id, at) =>
              `${newId('Track').slice(0, 12)}${String(at).padStart(4, '0')}${id.slice(-20)}` as TrackId,
          );
          for (const { at, kind } of order) {
            const { isOpen, isDeleted, disc, number, ...album } = tracks[at] ?? fail();
            const trackId = own[at] ?? fail();
            const track = { trackId, ownerId: albums.artist.userId };
            if (kind === 'imported') {
              const event = imported(artistId, { trackId, disc, number, album });
              await albums.bus.publish(trackImported, event, { occurredAt: '2026-01-01T00:00:00.000Z' });
            }
            if (kind === 'openness')
              await albums.bus.publish(
                trackOpennessChanged,
                anOpening(track, { isOpen, reason: isOpen ? null : 'DRAFT' }),
              );
            if (kind === 'deleted' && isDeleted) await albums.bus.publish(trackDeleted, track);
          }
          await albums.bus.idle();
          made.push(
            (await albumsOf(artistId)).map((album) => ({
              ...album,
              tracks: album.tracks.map(
                (place) => `${place.slice(0, 2)}${own.indexOf(place.slice(2) as TrackId)}`,
              ),
            })),
          );
        }
        expect(made[1]).toEqual(made[0]);
        expect(made[0]).toEqual(expectedOf(tracks));
      }),
      { numRuns: 7, seed: 4 },
    );
  });

  it('are told apart by artist, title and owner', async () => {
    const [one, other] = [newId('Artist'), newId('Artist')];
    await state(
      imported(one),
      imported(one, { album: { title: 'High Tide' } }),
      imported(other),
      imported(one, { ownerId: newId('User') }),
    );
    expect((await albumsOf(one)).map(({ title }) => title)).toEqual(['High Tide', 'Low Tide', 'Low Tide']);
    expect(await albumsOf(other)).toHaveLength(1);
  });

  it('leave a UPC to the album that has it', async () => {
    const artistId = newId('Artist');
    const upc = '036000291452';
    await state(
      imported(artistId, { album: { title: 'A', upc } }),
      imported(artistId, { album: { title: 'B', upc } }),
    );
    expect((await albumsOf(artistId)).map((album) => album.upc)).toEqual([upc, null]);
  });

  it('move to another album where their files say so now, and an album without tracks goes', async () => {
    const artistId = newId('Artist');
    const event = imported(artistId);
    await state(event);
    await state({ ...event, album: { ...event.album, title: 'High Tide' } });
    expect(await albumsOf(artistId)).toMatchObject([{ title: 'High Tide', tracks: [`1 ${event.trackId}`] }]);
  });
});

async function anEdited(numbers: readonly number[], edit: object = { title: 'My Tide' }) {
  const artistId = albums.artistId;
  const title = `Tide ${newId('Job')}`;
  const events = numbers.map((number) => imported(artistId, { number, album: { title } }));
  await state(...events);
  const { albumId } = await albums.db.importedTrack.findUniqueOrThrow({
    where: { trackId: events[0]?.trackId ?? '' },
  });
  await albums.make(albums.artist, 'updateAlbum', { albumId, ...edit }, 'album { id }');
  return { albumId: albumId ?? '', title, events };
}

const tracksOf = async (albumId: string) =>
  (await albums.db.albumTrack.findMany({ where: { albumId }, orderBy: { position: 'asc' } })).map(
    ({ trackId }) => trackId,
  );

describe('an imported album that a person has changed', () => {
  it('is only added to, each track at its place', async () => {
    const { albumId, title, events } = await anEdited([1, 2, 5, 6]);
    const [one, two, five, six] = events.map(({ trackId }) => trackId);
    const order = [five, one, two, six].map((trackId) => ({ trackId }));
    await albums.make(albums.artist, 'reorderAlbumTracks', { albumId, order }, 'album { id }');
    const three = imported(albums.artistId, { number: 3, album: { title, label: 'Other' } });
    const seven = imported(albums.artistId, { number: 7, album: { title } });
    await state(seven, three, ...events);
    expect(await tracksOf(albumId)).toEqual([three.trackId, five, one, two, six, seven.trackId]);
    const album = await albums.db.album.findUniqueOrThrow({ where: { id: albumId } });
    expect([album.title, album.type, album.label]).toEqual(['My Tide', 'EP', null]);
  });

  it('does not get back what the person took off it, and is not made again once it is deleted', async () => {
    const { albumId, title, events } = await anEdited([1, 2]);
    const [first = '', second = ''] = events.map(({ trackId }) => trackId);
    const { artist, artistId } = albums;
    await albums.make(artist, 'removeTracksFromAlbum', { albumId, trackIds: [first] }, 'album { id }');
    await state(...events);
    expect(await tracksOf(albumId)).toEqual([second]);
    await albums.make(artist, 'deleteAlbum', { albumId }, 'albumId');
    await state(...events);
    expect(
      await albums.db.album.count({ where: { artistId, importKey: { contains: title.slice(-8) } } }),
    ).toBe(0);
  });
});

type Step = { readonly at: number; readonly kind: 'imported' | 'openness' | 'deleted' };

/** Each event of each of so many tracks once or twice, in any order. */
function anOrder(count: number): fc.Arbitrary<Step[]> {
  const kinds = ['imported', 'openness', 'deleted'] as const;
  const steps = Array.from({ length: count }, (_, at) => kinds.map((kind) => ({ at, kind }))).flat();
  return fc
    .subarray(steps)
    .chain((again) => fc.shuffledSubarray([...steps, ...again], { minLength: steps.length + again.length }));
}

interface Told {
  readonly disc: number;
  readonly number: number | null;
  readonly title: string;
  readonly releaseDate: string | null;
  readonly label: string | null;
  readonly isCompilation: boolean;
  readonly isOpen: boolean;
  readonly isDeleted: boolean;
}

/** What the rule that the schema tells makes of tracks. */
function expectedOf(tracks: readonly Told[]) {
  const left = tracks
    .map((track, at) => ({ ...track, at }))
    .filter(({ isDeleted }) => !isDeleted)
    .toSorted((a, b) => a.disc - b.disc || (a.number ?? 99) - (b.number ?? 99) || a.at - b.at);
  if (left.length === 0) return [];
  const short = left.length <= 3 ? 'SINGLE' : 'EP';
  const type = left.length <= 6 ? short : 'ALBUM';
  return [
    {
      title: left[0]?.title.trim(),
      type: left.some(({ isCompilation }) => isCompilation) ? 'COMPILATION' : type,
      releaseDate: left.find(({ releaseDate }) => releaseDate?.startsWith('2'))?.releaseDate ?? null,
      label: left.find(({ label }) => label)?.label ?? null,
      upc: null,
      status: left.some(({ isOpen }) => isOpen) ? 'RELEASED' : 'DRAFT',
      tracks: left.map(({ disc, at }) => `${disc} ${at}`),
    },
  ];
}

function fail(): never {
  throw new Error('there is no such track');
}
