import { composeStillWater } from './compose/ambient.ts';
import { composeBossa } from './compose/bossa.ts';
import { composeBoss, composeLeap, composeSavePoint } from './compose/chiptune.ts';
import { composePolarNight } from './compose/dark-ambient.ts';
import { composeLowTide } from './compose/dub.ts';
import { composePierWaltz, composeRoad } from './compose/folk.ts';
import { composeSundayTerrace } from './compose/house.ts';
import { composeRewind } from './compose/jungle.ts';
import { composeLiquidMaps } from './compose/liquid.ts';
import { composeRain } from './compose/lofi.ts';
import { composeMidnightFerry } from './compose/night-drive.ts';
import { composeFirstSnow, composeLullaby } from './compose/piano.ts';
import { composeCornerTable } from './compose/swing.ts';
import { composeChromeSunrise } from './compose/synthwave.ts';
import { composeSignalNine } from './compose/techno.ts';
import type { Motif, Palette } from './cover.ts';
import type { Score } from './score.ts';

export type DemoFormat = 'mp3' | 'flac' | 'wav' | 'ogg' | 'opus' | 'm4a' | 'aiff';

export interface DemoTrack {
  /** File name without its ending, and the seed of the performance. */
  slug: string;
  title: string;
  genre: string;
  bpm: number;
  key: string;
  format: DemoFormat;
  compose: (bpm: number) => Score;
}

export interface DemoAlbum {
  slug: string;
  title: string;
  year: number;
  type: 'ALBUM' | 'EP' | 'SINGLE';
  genre: string;
  cover: { palette: Palette; motif: Motif };
  tracks: readonly DemoTrack[];
}

export interface DemoArtist {
  name: string;
  bio: string;
  /** ISO 3166 code. */
  country: string;
  albums: readonly DemoAlbum[];
}

/** Invented artists; all of it is composed, played and drawn by the code beside this file. */
export const demoLibrary: readonly DemoArtist[] = [
  {
    name: 'Северный ветер',
    bio: 'Дуэт с берега Белого моря: фортепиано, челеста, ветер и много тишины.',
    country: 'RU',
    albums: [
      {
        slug: 'polar-night',
        title: 'Полярная ночь',
        year: 2021,
        type: 'ALBUM',
        genre: 'Ambient',
        cover: { palette: ['#050b1f', '#12305c', '#3fa7a0', '#d8f3e6'], motif: 'aurora' },
        tracks: [
          {
            slug: 'still-water',
            title: 'Тихая вода',
            genre: 'Ambient',
            bpm: 60,
            key: 'D lydian',
            format: 'flac',
            compose: composeStillWater,
          },
          {
            slug: 'first-snow',
            title: 'Первый снег',
            genre: 'Classical',
            bpm: 76,
            key: 'A minor',
            format: 'mp3',
            compose: composeFirstSnow,
          },
          {
            slug: 'polar-night',
            title: 'Полярная ночь',
            genre: 'Ambient',
            bpm: 58,
            key: 'C# minor',
            format: 'ogg',
            compose: composePolarNight,
          },
          {
            slug: 'lighthouse-lullaby',
            title: 'Колыбельная для маяка',
            genre: 'Classical',
            bpm: 92,
            key: 'F major',
            format: 'm4a',
            compose: composeLullaby,
          },
        ],
      },
    ],
  },
  {
    name: 'Neon Harbor',
    bio: 'Two synthesisers, one drum machine and a ferry timetable from 1986.',
    country: 'NO',
    albums: [
      {
        slug: 'midnight-ferry',
        title: 'Midnight Ferry',
        year: 2019,
        type: 'EP',
        genre: 'Synthwave',
        cover: { palette: ['#12062b', '#5b1a6b', '#ff4f8b', '#ffd36e'], motif: 'sun' },
        tracks: [
          {
            slug: 'chrome-sunrise',
            title: 'Chrome Sunrise',
            genre: 'Synthwave',
            bpm: 104,
            key: 'E minor',
            format: 'mp3',
            compose: composeChromeSunrise,
          },
          {
            slug: 'midnight-ferry',
            title: 'Midnight Ferry',
            genre: 'Synthwave',
            bpm: 84,
            key: 'F# minor',
            format: 'flac',
            compose: composeMidnightFerry,
          },
        ],
      },
      {
        slug: 'warehouse-signals',
        title: 'Warehouse Signals',
        year: 2022,
        type: 'EP',
        genre: 'Electronic',
        cover: { palette: ['#0b0d10', '#23303a', '#e8ff47', '#f4f7f2'], motif: 'grid' },
        tracks: [
          {
            slug: 'signal-nine',
            title: 'Signal Nine',
            genre: 'Techno',
            bpm: 132,
            key: 'F phrygian',
            format: 'wav',
            compose: composeSignalNine,
          },
          {
            slug: 'sunday-terrace',
            title: 'Sunday Terrace',
            genre: 'House',
            bpm: 122,
            key: 'G dorian',
            format: 'mp3',
            compose: composeSundayTerrace,
          },
        ],
      },
    ],
  },
  {
    name: 'Пиксельный квартет',
    bio: 'Четыре канала, восемь бит, ни одного лишнего транзистора.',
    country: 'RU',
    albums: [
      {
        slug: 'eight-bit-week',
        title: 'Восьмибитная неделя',
        year: 2020,
        type: 'EP',
        genre: 'Chiptune',
        cover: { palette: ['#1a1c2c', '#3b5dc9', '#ef7d57', '#ffe9a8'], motif: 'pixels' },
        tracks: [
          {
            slug: 'leap',
            title: 'Прыжок через пропасть',
            genre: 'Chiptune',
            bpm: 150,
            key: 'C major',
            format: 'ogg',
            compose: composeLeap,
          },
          {
            slug: 'boss',
            title: 'Босс третьего уровня',
            genre: 'Chiptune',
            bpm: 172,
            key: 'D harmonic minor',
            format: 'opus',
            compose: composeBoss,
          },
          {
            slug: 'save-point',
            title: 'Save Point',
            genre: 'Chiptune',
            bpm: 96,
            key: 'G major',
            format: 'aiff',
            compose: composeSavePoint,
          },
        ],
      },
    ],
  },
  {
    name: 'The Lamplight Trio',
    bio: 'Piano, double bass and brushes, recorded at a corner table after closing time.',
    country: 'FR',
    albums: [
      {
        slug: 'corner-table',
        title: 'Corner Table',
        year: 2017,
        type: 'ALBUM',
        genre: 'Jazz',
        cover: { palette: ['#1d120b', '#6b2d1a', '#d98b3a', '#f6e3b8'], motif: 'circles' },
        tracks: [
          {
            slug: 'corner-table',
            title: 'Corner Table',
            genre: 'Jazz',
            bpm: 152,
            key: 'F major',
            format: 'flac',
            compose: composeCornerTable,
          },
          {
            slug: 'rain-on-rue-lepic',
            title: 'Rain on Rue Lepic',
            genre: 'Lo-fi',
            bpm: 76,
            key: 'C minor',
            format: 'mp3',
            compose: composeRain,
          },
          {
            slug: 'bossa-for-nobody',
            title: 'Bossa for Nobody',
            genre: 'Bossa Nova',
            bpm: 132,
            key: 'E minor',
            format: 'm4a',
            compose: composeBossa,
          },
        ],
      },
    ],
  },
  {
    name: 'Анна Рябинина',
    bio: 'Гитара, аккордеон и песни, записанные по дороге от Костромы до Суздаля.',
    country: 'RU',
    albums: [
      {
        slug: 'pier-waltzes',
        title: 'Вальсы старой пристани',
        year: 2016,
        type: 'SINGLE',
        genre: 'Folk',
        cover: { palette: ['#20352b', '#4f7a52', '#e0a458', '#fbf3dc'], motif: 'waves' },
        tracks: [
          {
            slug: 'pier-waltz',
            title: 'Вальс старой пристани',
            genre: 'Folk',
            bpm: 152,
            key: 'A harmonic minor',
            format: 'mp3',
            compose: composePierWaltz,
          },
          {
            slug: 'road-to-suzdal',
            title: 'Дорога на Суздаль',
            genre: 'Folk',
            bpm: 100,
            key: 'D dorian',
            format: 'opus',
            compose: composeRoad,
          },
        ],
      },
    ],
  },
  {
    name: 'Kingston Static',
    bio: 'Dub plates and breakbeats from a basement that the tide visits twice a day.',
    country: 'GB',
    albums: [
      {
        slug: 'low-tide-version',
        title: 'Low Tide Version',
        year: 2023,
        type: 'ALBUM',
        genre: 'Dub',
        cover: { palette: ['#10130c', '#2f5d34', '#c8362c', '#f2c230'], motif: 'rays' },
        tracks: [
          {
            slug: 'low-tide-version',
            title: 'Low Tide Version',
            genre: 'Dub',
            bpm: 72,
            key: 'A minor',
            format: 'ogg',
            compose: composeLowTide,
          },
          {
            slug: 'brick-lane-rewind',
            title: 'Brick Lane Rewind',
            genre: 'Drum and Bass',
            bpm: 170,
            key: 'G minor',
            format: 'mp3',
            compose: composeRewind,
          },
          {
            slug: 'liquid-maps',
            title: 'Liquid Maps',
            genre: 'Drum and Bass',
            bpm: 174,
            key: 'Db major',
            format: 'flac',
            compose: composeLiquidMaps,
          },
        ],
      },
    ],
  },
];

/** A track with where it belongs. */
export interface DemoEntry {
  artist: DemoArtist;
  album: DemoAlbum;
  track: DemoTrack;
  trackNumber: number;
}

export function demoEntries(): DemoEntry[] {
  return demoLibrary.flatMap((artist) =>
    artist.albums.flatMap((album) =>
      album.tracks.map((track, i) => ({ artist, album, track, trackNumber: i + 1 })),
    ),
  );
}
