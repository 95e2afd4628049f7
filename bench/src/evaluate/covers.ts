import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findChroma } from '@volna/analyze/chroma';
import { compareWork, cutClip, judgeWorks, type WorkMatch } from '@volna/search/judge-works';
import { windowsOf, windowsOfClip } from '@volna/search/work-windows';

import { dice } from '../dice.ts';
import { type Arrangement, arrange, type Note, readNotes } from './arrange.ts';
import { hum, melodyOf } from './hum.ts';
import { findRecordings } from './library.ts';
import { cacheFolder, decode, findPieces, renderScore } from './pieces.ts';

const RATE = 16_000;
const SEED = 20_261_121;
/** Of each score and its cover. */
const HEARD_SECONDS = 240;
const LENGTHS = [12, 20, 30];
const HUM_SECONDS = 20;
/** As search takes them. */
const CANDIDATES = 30;
const SPEEDS = [0.85, 0.93, 1.07, 1.15];
const KEYS = [-3, -2, 2, 3, -1, 1, 0];

type Print = (line: string) => void;
type Tell = (what: string) => void;

interface Work {
  readonly name: string;
  readonly chroma: Uint8Array;
  readonly windows: readonly (readonly number[])[];
}

/**
 * Whether a piece is known again when others play it: rendered scores with other instruments, no drums, up to 15 %
 * slower or faster and up to three semitones lower or higher, among all music there is; and likewise when it is hummed.
 */
export async function evaluateCovers(print: Print, tell: Tell): Promise<void> {
  const scores = (await findPieces(tell)).filter(({ midi }) => midi !== null);
  const pieces = scores.slice(0, mostOf('EVALUATE_PIECES'));
  const works: Work[] = [];
  for (const { name, file } of pieces) {
    tell(`hears ${name}`);
    works.push(toWork(name, await chromaOf(await decode(file, HEARD_SECONDS))));
  }
  for (const recording of (await findRecordings()).slice(0, mostOf('EVALUATE_SONGS'))) {
    tell(`hears ${recording.package} ${recording.name}`);
    works.push(toWork(recording.name, await keptChroma(recording.name, () => recording.read())));
  }
  const covers: { name: string; chroma: Uint8Array }[] = [];
  const hums: { name: string; chroma: Uint8Array }[] = [];
  for (const [i, { name, midi }] of pieces.entries()) {
    tell(`covers ${name}`);
    const how = { speed: SPEEDS[i % SPEEDS.length]!, semitones: KEYS[i % KEYS.length]! };
    const score = await readFile(midi!);
    covers.push({ name, chroma: await chromaOf(await playCover(name, score, how)) });
    const hummed = humOf(readNotes(score), how, i);
    if (hummed) hums.push({ name, chroma: await chromaOf(hummed) });
  }
  print(
    `works known again among ${works.length}: first, among the first five, answered rightly, wrongly, and`,
  );
  print(
    'answered where the work is not there (a few pieces are in the corpus twice: look at the names told)',
  );
  for (const seconds of LENGTHS) await ask(print, tell, works, covers, `covers, ${seconds} s`, seconds);
  await ask(print, tell, works, hums, `hummed, ${HUM_SECONDS} s`, HUM_SECONDS);
}

async function ask(
  print: Print,
  tell: Tell,
  works: readonly Work[],
  queries: readonly { name: string; chroma: Uint8Array }[],
  title: string,
  seconds: number,
): Promise<void> {
  const chance = dice(SEED);
  const moments = Math.floor((seconds * RATE) / 4096);
  const counts = { asked: 0, first: 0, five: 0, right: 0, wrong: 0, invented: 0 };
  for (const { name, chroma } of queries) {
    const spare = chroma.length / 12 - moments;
    if (spare < 0) continue;
    const from = Math.floor(chance() * spare);
    const clip = cutClip(chroma.subarray(from * 12, (from + moments) * 12));
    if (!clip) continue;
    const compared = compareAll(works, clip);
    const ranked = compared.slice(0, CANDIDATES).toSorted((a, b) => b.score - a.score);
    const rank = ranked.findIndex(({ trackId }) => trackId === name);
    const [best] = judgeWorks(ranked);
    const [invented] = judgeWorks(compared.filter(({ trackId }) => trackId !== name).slice(0, CANDIDATES));
    counts.asked++;
    counts.first += Number(rank === 0);
    counts.five += Number(rank >= 0 && rank < 5);
    counts.right += Number(best?.trackId === name);
    counts.wrong += Number(best !== undefined && best.trackId !== name);
    counts.invented += Number(invented !== undefined);
    if (invented) tell(`${title}: ${name} is taken for ${invented.trackId}, ${invented.score.toFixed(3)}`);
  }
  const { asked, ...found } = counts;
  const shares = Object.values(found).map((count) => (count / asked).toFixed(3));
  print(`  ${`${title} (${asked})`.padEnd(24)}${shares.join('   ')}`);
}

/** Those most like it by their windows, one more than search compares, best first. */
function compareAll(works: readonly Work[], clip: Uint8Array): WorkMatch[] {
  const windows = windowsOfClip(clip);
  const half = Math.ceil(windows.length / 2);
  return works
    .map((work) => {
      const best = windows.map(({ vector }) =>
        Math.max(0, ...work.windows.map((other) => dot(vector, other))),
      );
      const likeness = best.toSorted((a, b) => b - a).slice(0, half);
      return { work, likeness: likeness.reduce((sum, value) => sum + value, 0) };
    })
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, CANDIDATES + 1)
    .map(({ work }) => ({ trackId: work.name, score: compareWork(clip, work.chroma) }));
}

async function playCover(name: string, score: Buffer, how: Arrangement): Promise<Float32Array> {
  const folder = join(cacheFolder(), 'covers');
  const file = join(folder, `${name}.flac`);
  if (!(await stat(file).catch(() => null))) {
    await mkdir(folder, { recursive: true });
    const midi = join(folder, `${name}.mid`);
    await writeFile(midi, arrange(score, how));
    await renderScore(midi, file);
    await rm(midi);
  }
  return await decode(file, HEARD_SECONDS);
}

function humOf(notes: readonly Note[], how: Arrangement, number: number): Float32Array | null {
  const melody = melodyOf(notes.filter(({ end }) => end < HEARD_SECONDS));
  if (!melody) return null;
  const chance = dice(SEED + number);
  // half of it is left to be hummed
  const first = Math.floor((chance() * melody.length) / 2);
  return hum(melody, first, HUM_SECONDS + 1, how, chance);
}

/** For a small run. */
function mostOf(name: string): number {
  return Number(process.env[name] ?? Infinity);
}

function toWork(name: string, chroma: Uint8Array): Work {
  return { name, chroma, windows: windowsOf(chroma).map(({ vector }) => vector) };
}

async function keptChroma(name: string, read: () => Promise<Float32Array>): Promise<Uint8Array> {
  const file = join(cacheFolder(), 'chroma', name);
  const kept = await readFile(file).catch(() => null);
  if (kept) return new Uint8Array(kept);
  const chroma = await chromaOf(await read());
  await mkdir(join(cacheFolder(), 'chroma'), { recursive: true });
  await writeFile(file, chroma);
  return chroma;
}

async function chromaOf(samples: Float32Array): Promise<Uint8Array> {
  return await findChroma(async (from, count) => samples.subarray(from, from + count), samples.length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
