import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { type PlaylistText } from './files/entry.ts';
import { type FormatName, FORMATS, formatOf } from './files/formats.ts';
import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const NAMES = Object.keys(FORMATS) as FormatName[];

/** Text that has something to see, as titles have; without what XML cannot hold. */
const aText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((text) => text.replaceAll(/[\s\p{C}]+/gu, ' ').trim())
  .filter((text) => text !== '' && !text.includes(' - '));
const anEntry = fc.record({
  title: aText,
  artist: aText,
  durationMs: fc.integer({ min: 1, max: 9_000 }).map((seconds) => seconds * 1000),
  location: fc.integer().map((n) => `volna:track:${n}`),
});

/** What files in these formats are made of. */
const SIGNS = '< > & ; # x ! - [ ] { } " : , / track title \n \u0000'.split(' ');

function faultOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (err) {
    return (err as Error).name;
  }
}

describe('files of playlists', () => {
  it.each(NAMES)('in %s say again what was written, whatever the titles', (name) => {
    const { write, read } = FORMATS[name];
    fc.assert(
      fc.property(aText, fc.array(anEntry, { maxLength: 5 }), (title, entries) => {
        const text = write({ title, entries });
        expect(formatOf(text)).toBe(name);
        expect(read(text)).toEqual({ title, entries });
      }),
    );
  });

  it.each(NAMES)('in %s are read from any text without a fault', (name) => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...SIGNS) }), (text) => {
        expect([null, 'UnreadableError']).toContain(faultOf(() => FORMATS[name].read(text)));
      }),
    );
  });

  it('escape what would end a line or an element', () => {
    const evil: PlaylistText = {
      title: '</title><x>',
      entries: [
        { title: 'a\n#EXTINF:1,b', artist: ']]>&"\u0000', durationMs: null, location: 'volna:track:x' },
      ],
    };
    expect(FORMATS.M3U8.write(evil).split('\n')).toHaveLength(5);
    for (const sign of ['<x>', '\u0000', '&"']) expect(FORMATS.XSPF.write(evil)).not.toContain(sign);
    expect(FORMATS.XSPF.read(FORMATS.XSPF.write(evil)).title).toBe('</title><x>');
  });

  it('of other players are read', () => {
    expect(
      FORMATS.M3U8.read(
        '\r\n#EXTM3U\r\n#EXTINF:213 tvg-id="x",Ночь - Рейс\r\nC:\\Music\\01. A - B.mp3\r\n07 One.flac',
      ),
    ).toEqual({
      title: null,
      entries: [
        { artist: 'Ночь', title: 'Рейс', durationMs: 213_000, location: 'C:\\Music\\01. A - B.mp3' },
        { artist: null, title: 'One', durationMs: null, location: '07 One.flac' },
      ],
    });
    const xspf = `<?xml version="1.0"?><!-- <track/> --><x:playlist xmlns:x="http://xspf.org/ns/0/"><x:title>T</x:title><x:trackList>
      <x:track><x:creator>A &amp; &#x42;</x:creator><x:title><![CDATA[<b>]]></x:title><x:duration>61000</x:duration></x:track>
      <x:track/></x:trackList></x:playlist>`;
    expect(FORMATS.XSPF.read(xspf)).toEqual({
      title: 'T',
      entries: [{ artist: 'A & B', title: '<b>', durationMs: 61_000, location: null }],
    });
  });

  it('that could grow without end are refused', () => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><playlist><title>&b;</title></playlist>';
    expect(() => FORMATS.XSPF.read(bomb)).toThrow('document type');
  });
});

describe('playlists', () => {
  const owner = aViewer();
  let albums: OpenAlbums;
  beforeAll(async () => {
    albums = await openAlbums();
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  const tracksOf = async (id: string) =>
    (await albums.entity(owner, 'Playlist', id, 'items { edges { node { track { id } } } }')).items.edges.map(
      ({ node }: { node: { track: { id: string } } }) => node.track.id,
    );
  const IMPORTED =
    'playlist { id title trackCount seq } matchedCount unmatched { number title artist durationMs }';

  it.each(NAMES)('go out as %s and come back the same', async (format) => {
    const trackIds = [
      await albums.aTrack({ title: 'Чайка <&>', artistName: 'Ёж' }),
      await albums.aTrack({ title: 'Two', durationMs: null }),
    ];
    const hidden = await albums.aTrack({ isPublished: false });
    const input = { title: 'Mine / yours', visibility: 'PUBLIC' };
    const { id } = (await albums.make(albums.artist, 'createPlaylist', input, 'playlist { id }')).playlist;
    const items = { playlistId: id, trackIds: [...trackIds, hidden] };
    await albums.make(albums.artist, 'addToPlaylist', items, 'playlist { id }');
    const { file } = await albums.make(
      owner,
      'exportPlaylist',
      { playlistId: id, format },
      'file { content fileName mediaType url itemCount }',
    );
    expect(file).toMatchObject({ fileName: `Mine yours.${format.toLowerCase()}`, itemCount: 2 });
    expect(file.content).not.toContain(hidden);
    const key = `playlists/${owner.userId}/${id}.${format.toLowerCase()}`;
    expect(file.url).toContain(key);
    expect(await albums.objects.list(`playlists/${owner.userId}/`)).toContain(key);
    const back = await albums.make(owner, 'importPlaylist', { content: file.content }, IMPORTED);
    expect(back).toMatchObject({
      playlist: { title: 'Mine / yours', trackCount: 2 },
      matchedCount: 2,
      unmatched: [],
    });
    expect(await tracksOf(back.playlist.id)).toEqual(trackIds);
  });

  it('of a rule go out too', async () => {
    const trackId = await albums.aTrack({ title: 'Only', genres: ['Sevdah'] });
    const input = { title: 'Rule', smart: { rule: { genres: ['sevdah'] } } };
    const { id } = (await albums.make(owner, 'createPlaylist', input, 'playlist { id }')).playlist;
    const { file } = await albums.make(
      owner,
      'exportPlaylist',
      { playlistId: id, format: 'M3U8' },
      'file { content }',
    );
    expect(file.content).toContain(trackId);
  });

  it('of other players are matched by title, artist and length, and the rest is told', async () => {
    const short = await albums.aTrack({ title: 'Harbour', artistName: 'Tidés', durationMs: 100_000 });
    const long = await albums.aTrack({ title: 'Harbour', artistName: 'Tides', durationMs: 300_000 });
    await albums.aTrack({ title: 'Secret', artistName: 'Tides', isPublished: false });
    const content = `#EXTM3U
#EXTINF:301,tides - HARBOUR (feat. Gull)
a.mp3
#EXTINF:99,Tides - Harbour
b.mp3
#EXTINF:200,Tides - Harbour
c.mp3
#EXTINF:100,Harbour
d.mp3
Tides - Secret.mp3
Harbour.mp3
`;
    const { playlist, ...rest } = await albums.make(
      owner,
      'importPlaylist',
      { content, title: 'From there' },
      IMPORTED,
    );
    expect(playlist.title).toBe('From there');
    expect(await tracksOf(playlist.id)).toEqual([long, short, short]);
    expect(rest).toEqual({
      matchedCount: 3,
      unmatched: [
        { number: 3, title: 'Harbour', artist: 'Tides', durationMs: 200_000 },
        { number: 5, title: 'Secret', artist: 'Tides', durationMs: null },
        { number: 6, title: 'Harbour', artist: null, durationMs: null },
      ],
    });
  });

  it('of thousands of entries come in', async () => {
    const trackIds = await albums.manyTracks(4_000);
    const content = trackIds.map((id) => `volna:track:${id}\n`).join('');
    const { playlist, matchedCount } = await albums.make(owner, 'importPlaylist', { content }, IMPORTED);
    expect([playlist.title, playlist.trackCount, matchedCount]).toEqual(['Imported', 4_000, 4_000]);
    const more = { playlistId: playlist.id, trackIds: trackIds.slice(0, 1) };
    await albums.make(owner, 'addToPlaylist', more, 'playlist { id }');
  });

  it('that are none are refused', async () => {
    for (const [input, code] of [
      [{ content: '' }, 'UNREADABLE_PLAYLIST content'],
      [{ content: '{"playlist":1}' }, 'UNREADABLE_PLAYLIST content'],
      [{ content: '<html></html>' }, 'UNREADABLE_PLAYLIST content'],
      [{ content: 'a\n'.repeat(5001) }, 'UNREADABLE_PLAYLIST content'],
      [{ content: 'a'.repeat(200_001) }, 'BAD_USER_INPUT content'],
    ] as const)
      expect(await albums.refusals(owner, 'importPlaylist', input, 'playlist { id }')).toEqual([code]);
  });
});
