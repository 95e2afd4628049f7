import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { readScore, type Score } from './midi.ts';

const run = promisify(execFile);

/** The installed one. */
export const FFMPEG = 'ffmpeg';

/** A piece of music of which the truth is known exactly. */
export interface Piece {
  readonly name: string;
  /** Audio that ffmpeg reads. */
  readonly file: string;
  readonly bpm: number;
  /** Null for a recording, of which the notes are not known. */
  readonly score: Score | null;
  /** Where the score is. */
  readonly midi: string | null;
}

const SCORES = ['openttd-openmsx', 'planetblupi-music-midi'];
const SONGS = ['fretsonfire-songs-sectoid', 'fretsonfire-songs-muldjord'];
const SOUND_FONT = '/usr/share/sounds/sf2/TimGM6mb.sf2';
/** Two of the packages hold pieces of half an hour. */
const RENDERED_SECONDS = 240;

/** A pipe between the two, which ends the synthesiser once the coder has enough. */
const RENDER = `fluidsynth -ni -q -r 44100 -g 0.6 -O s16 -T raw -F /dev/stdout "$1" "$2" 2>/dev/null |
  ffmpeg -v error -y -f s16le -ar 44100 -ac 2 -i pipe:0 -t ${RENDERED_SECONDS} -ac 1 "$3"`;

/** What to install for the figures, with Debian's own client: nothing is fetched from here. */
export const PACKAGES = [...SCORES, ...SONGS, 'fluidsynth', 'timgm6mb-soundfont', 'aubio-tools', 'bpm-tools'];

/** Scores that are rendered here, whose tempo and notes are written in them, and songs whose tempo is. */
export async function findPieces(tell: (what: string) => void): Promise<Piece[]> {
  const scores = (await Promise.all(SCORES.map((name) => filesOf(name, '.mid')))).flat();
  const songs = (await Promise.all(SONGS.map((name) => filesOf(name, '/song.ogg')))).flat();
  const pieces: Piece[] = [];
  for (const midi of scores) {
    const score = readScore(await readFile(midi));
    const file = await render(midi, tell);
    pieces.push({ name: basename(midi, '.mid'), file, bpm: score.bpm, score, midi });
  }
  for (const file of songs) {
    const { bpm } = readScore(await readFile(file.replace('song.ogg', 'notes.mid')));
    pieces.push({ name: basename(file.replace('/song.ogg', '')), file, bpm, score: null, midi: null });
  }
  return pieces;
}

/** The files of an installed package; none where it is not installed. */
export async function filesOf(name: string, ending: string): Promise<string[]> {
  const { stdout } = await run('dpkg', ['-L', name]).catch(() => ({ stdout: '' }));
  return stdout
    .split('\n')
    .filter((line) => line.endsWith(ending))
    .toSorted();
}

export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'volna', 'evaluate');
}

/** Plays a score into a file that is kept for the next run. */
async function render(midi: string, tell: (what: string) => void): Promise<string> {
  const folder = join(cacheFolder(), 'scores');
  const file = join(folder, `${basename(midi, '.mid')}.flac`);
  if (await stat(file).catch(() => null)) return file;
  await mkdir(folder, { recursive: true });
  tell(`renders ${basename(midi)}`);
  await renderScore(midi, file);
  return file;
}

/** The file is there once it is whole. */
export async function renderScore(midi: string, file: string): Promise<void> {
  await run('sh', ['-c', RENDER, 'render', SOUND_FONT, midi, `${file}.part.flac`]);
  await rename(`${file}.part.flac`, file);
}

/** A file as the workers hear it: mono, 16 kHz, 32-bit floats. */
export async function decode(file: string, seconds?: number): Promise<Float32Array> {
  const cut = seconds === undefined ? [] : ['-t', String(seconds)];
  const raw = ['-f', 'f32le', '-ar', '16000', '-ac', '1', 'pipe:1'];
  const options = { encoding: 'buffer', maxBuffer: 2 ** 30 } as const;
  const { stdout } = await run(FFMPEG, ['-v', 'error', '-i', file, '-vn', ...cut, ...raw], options);
  return new Float32Array(new Uint8Array(stdout).buffer);
}
