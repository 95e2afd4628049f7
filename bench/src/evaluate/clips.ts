import { LandmarkIndex } from '@volna/search/landmark-index';
import { matchClip } from '@volna/search/match-clip';

import { dice } from '../dice.ts';
import { openFolder } from '../folder.ts';
import { CONDITIONS } from './degrade.ts';
import { type Ears, openEars } from './ears.ts';
import { hearLibrary, makeBabble, MUSIC, type Song, SPEECH } from './library.ts';
import { intervalOf } from './scores.ts';
import { openSegments, type Segments } from './segments.ts';

const RATE = 16_000;
const CLIP_SECONDS = 5;
const LEAST_SECONDS = 30;
const SEED = 20_261_121;
const BABBLE_SECONDS = 120;
/** As search takes them. */
const [MIN_VOTES, HITS_PER_PLACE] = [10, 10];

/**
 * What is answered: by landmarks, by the nearest segment, by the first where enough of them agree and else by the
 * second, and as search does it, which would rather say nothing than guess.
 */
const WAYS = ['landmarks', 'segments', 'together', 'as search answers'] as const;
type Answers = Record<(typeof WAYS)[number], number | null>;

interface Row {
  asked: number;
  heldOut: number;
  readonly right: Record<string, number>;
  /** Of packages that no model has heard, together. */
  heldOutRight: number;
}

interface Library {
  readonly songs: readonly Song[];
  readonly index: LandmarkIndex;
  readonly segments: Segments;
}

/** Which song a clip of five seconds is from, under thirteen conditions. */
export async function evaluateClips(
  print: (line: string) => void,
  tell: (what: string) => void,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const ears = opened.use(await openEars());
  const songs = await hearLibrary(ears, tell);
  if (songs.length === 0) return print(`no music: install some of ${MUSIC.join(' ')} (Debian)`);
  const folder = opened.use(await openFolder());
  const index = opened.use(await LandmarkIndex.open(folder.path));
  for (const [number, { landmarks }] of songs.entries()) await index.add(String(number), landmarks);
  const library = { songs, index, segments: openSegments(songs, ears.dimension) };
  const babble = await makeBabble(BABBLE_SECONDS, dice(SEED));
  if (!babble) print(`no babble: install ${SPEECH.join(' ')} (Debian)`);

  const rows = new Map<string, Row>();
  const times: number[] = [];
  for (const clip of cutClips(songs, Number(process.env['EVALUATE_CLIPS'] ?? 60))) {
    tell(`clip of ${songs[clip.song]!.package}`);
    for await (const { condition, answers } of askAll(ears, library, clip, babble, times))
      count(rows, condition, songs[clip.song]!.trained, answers, clip.song);
  }
  printTable(print, songs, rows, times);
}

async function* askAll(
  ears: Ears,
  library: Library,
  { song, from }: { song: number; from: number },
  babble: Float32Array | null,
  times: number[],
) {
  const track = await library.songs[song]!.read();
  const noiseFrom = Math.floor(dice(SEED + from)() * (BABBLE_SECONDS - CLIP_SECONDS) * RATE);
  const samples = CLIP_SECONDS * RATE;
  const takes = {
    clip: track.slice(from, from + samples + RATE),
    samples,
    babble: babble && babble.slice(noiseFrom, noiseFrom + samples),
  };
  for (const [condition, degrade] of Object.entries(CONDITIONS)) {
    const worn = await degrade({ ...takes, chance: dice(SEED + from) });
    if (worn) yield { condition, answers: await answer(ears, library, worn, times) };
  }
}

/** The time is that of all that search does once a clip is decoded, but for reading rows. */
async function answer(ears: Ears, library: Library, clip: Float32Array, times: number[]): Promise<Answers> {
  const began = performance.now();
  const { landmarks, segments } = await ears.hearClip(clip);
  const [best] = await library.index.find(landmarks, MIN_VOTES);
  const byLandmarks = best ? Number(best.key) : null;
  times.push(performance.now() - began);
  const hits = library.segments.nearest(segments, HITS_PER_PLACE);
  const places = segments.length / library.segments.dimension;
  const [same] = matchClip(places, hits);
  const nearest = hits.toSorted((a, b) => b.score - a.score)[0];
  const bySegments = nearest ? Number(nearest.trackId) : null;
  return {
    landmarks: byLandmarks,
    segments: bySegments,
    together: byLandmarks ?? bySegments,
    'as search answers': byLandmarks ?? (same ? Number(same.trackId) : null),
  };
}

function count(rows: Map<string, Row>, condition: string, trained: boolean, answers: Answers, song: number) {
  const row = rows.get(condition) ?? { asked: 0, heldOut: 0, right: {}, heldOutRight: 0 };
  row.asked++;
  for (const way of WAYS) row.right[way] = (row.right[way] ?? 0) + Number(answers[way] === song);
  if (!trained) row.heldOut++;
  if (!trained && answers.together === song) row.heldOutRight++;
  rows.set(condition, row);
}

function cutClips(songs: readonly Song[], many: number): { song: number; from: number }[] {
  const chance = dice(SEED);
  const long = songs.flatMap(({ seconds }, song) => (seconds > LEAST_SECONDS ? [song] : []));
  return Array.from({ length: many }, () => {
    const song = long[Math.floor(chance() * long.length)]!;
    return { song, from: Math.floor((5 + chance() * (songs[song]!.seconds - 20)) * RATE) };
  });
}

function printTable(
  print: (line: string) => void,
  songs: readonly Song[],
  rows: ReadonlyMap<string, Row>,
  times: readonly number[],
): void {
  const hours = songs.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const [first] = rows.values();
  print(
    `clips of ${CLIP_SECONDS} s among ${songs.length} songs, ${hours.toFixed(1)} h (${first?.asked} clips)`,
  );
  const heading = [...WAYS, 'together, held out'].map((way) => way.padEnd(20)).join('');
  print(`  ${'condition'.padEnd(20)}${heading}`);
  const all = [...rows.values()];
  const shares = (row: Row) => [
    ...WAYS.map((way) => row.right[way]! / row.asked),
    row.heldOutRight / row.heldOut,
  ];
  const line = (name: string, values: readonly number[]) =>
    print(`  ${name.padEnd(20)}${values.map((value) => value.toFixed(3).padEnd(20)).join('')}`);
  for (const [name, row] of rows) line(name, shares(row));
  const table = all.map(shares);
  line(
    `mean of ${rows.size}`,
    [...WAYS, ''].map((_, way) => table.reduce((sum, row) => sum + row[way]!, 0) / table.length),
  );
  const right = all.reduce((sum, row) => sum + row.right['together']!, 0);
  const asked = all.reduce((sum, row) => sum + row.asked, 0);
  print(`  together: 95 % within ${intervalOf(right, asked)}, were all ${asked} questions independent`);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  print(`  hearing a clip and asking the landmarks: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}
