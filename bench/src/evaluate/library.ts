import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';

import { readCorpus } from './corpus.ts';
import { type Ears, type Heard } from './ears.ts';
import { decode, filesOf } from './pieces.ts';

/** Packages of Debian with free music; more of them make it harder. */
export const MUSIC = [
  'wesnoth-1.16-music',
  'singularity-music',
  'hyperrogue-music',
  'fretsonfire-songs-sectoid',
  'fretsonfire-songs-muldjord',
];
/** Speech, for babble. */
export const SPEECH = ['asterisk-core-sounds-en-g722', 'asterisk-core-sounds-ru-g722'];

/** Single voices of a song, and a file that ffmpeg 5 cannot read. */
const NO_MUSIC = /guitar\.ogg$|hr-savino-caribbean\.ogg$/;

const RATE = 16_000;
/** Five seconds: there are hundreds of single letters, too. */
const LEAST_SPEECH_BYTES = 40_000;

/** Music that can be heard; labels are empty where nobody knows. */
export interface Recording {
  readonly name: string;
  readonly package: string;
  readonly album: string;
  readonly artist: string;
  /** Of a package that the models were trained on: figures of others are the honest ones. */
  readonly trained: boolean;
  read(): Promise<Float32Array>;
}

export interface Song extends Recording, Heard {
  readonly seconds: number;
}

/** The corpus that `EVALUATE_CORPUS` names, else what is installed; see models/training. */
export async function findRecordings(): Promise<Recording[]> {
  const corpus = process.env['EVALUATE_CORPUS'];
  if (corpus) return await readCorpus(corpus);
  const packages = await Promise.all(
    MUSIC.map(async (name) => (await filesOf(name, '.ogg')).map((file) => ({ name, file }))),
  );
  return packages
    .flat()
    .filter(({ file }) => !NO_MUSIC.test(file))
    .map(({ name, file }) => ({
      name: createHash('sha256').update(file).digest('hex').slice(0, 16),
      package: name,
      album: name,
      artist: '',
      trained: false,
      read: () => decode(file),
    }));
}

/** All of the corpus, or so many of what is installed; what is heard of them is kept for the next run. */
export async function hearLibrary(ears: Ears, tell: (what: string) => void): Promise<Song[]> {
  const most = Number(process.env['EVALUATE_SONGS'] ?? (process.env['EVALUATE_CORPUS'] ? Infinity : 60));
  const songs: Song[] = [];
  for (const recording of await findRecordings()) {
    if (songs.length === most) break;
    tell(`hears ${recording.package} ${recording.name}`);
    const heard = await ears.hearSong(recording.name, () => recording.read());
    const seconds = heard.segments.length / ears.dimension;
    if (heard.vector.length > 0) songs.push({ ...recording, ...heard, seconds });
  }
  return songs;
}

/** Six voices at once, so long; null where no speech is installed. */
export async function makeBabble(seconds: number, chance: () => number): Promise<Float32Array | null> {
  const spoken = (await Promise.all(SPEECH.map((name) => filesOf(name, '.g722')))).flat();
  const sizes = await Promise.all(spoken.map(async (file) => (await stat(file)).size));
  const files = spoken.filter((_, i) => sizes[i]! > LEAST_SPEECH_BYTES);
  if (files.length === 0) return null;
  const babble = new Float32Array(seconds * RATE);
  for (let voice = 0; voice < 6; voice++) {
    for (let at = 0; at < babble.length;) {
      const said = await decode(files[Math.floor(chance() * files.length)]!);
      const level = Math.sqrt(said.reduce((sum, value) => sum + value * value, 0) / said.length) + 1e-6;
      for (let i = 0; i < said.length && at < babble.length; i++) babble[at++]! += said[i]! / level;
    }
  }
  return babble;
}
