import { LandmarkIndex } from '@volna/search/landmark-index';
import { matchClip, type SegmentHit } from '@volna/search/match-clip';

import { openFolder } from '../folder.ts';
import { chanceFrom, CONDITIONS } from './degrade.ts';
import {
  type Heard,
  hearClip,
  hearLibrary,
  makeBabble,
  MUSIC,
  openEars,
  type Song,
  SPEECH,
} from './library.ts';
import { decode } from './pieces.ts';

const RATE = 16_000;
const CLIP_SECONDS = 5;
const SEED = 20_261_121;
const BABBLE_SECONDS = 120;
/** As search takes them. */
const [MIN_VOTES, HITS_PER_PLACE] = [10, 10];

/** What a search finds: by landmarks, by segments, and as the product does, by the second where the first is silent. */
interface Answers {
  readonly landmarks: number | null;
  readonly segments: number | null;
}

/** Which song a clip of five seconds is from, among the installed ones, under thirteen conditions. */
export async function evaluateClips(
  print: (line: string) => void,
  tell: (what: string) => void,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const ears = opened.use(openEars());
  const most = Number(process.env['EVALUATE_SONGS'] ?? 60);
  const songs = await hearLibrary(ears, most, tell);
  if (songs.length === 0) return print(`no music: install some of ${MUSIC.join(' ')} (Debian)`);
  const folder = opened.use(await openFolder());
  const index = opened.use(await LandmarkIndex.open(folder.path));
  for (const [number, { landmarks }] of songs.entries()) await index.add(String(number), landmarks);
  const babble = await makeBabble(BABBLE_SECONDS, chanceFrom(SEED));
  if (!babble) print(`no babble: install ${SPEECH.join(' ')} (Debian)`);

  const clips = cutClips(songs, Number(process.env['EVALUATE_CLIPS'] ?? 60));
  const right = new Map<string, { asked: number; landmarks: number; segments: number; both: number }>();
  const times: number[] = [];
  for (const { song, from } of clips) {
    tell(`clip of ${songs[song]!.file}`);
    const track = await decode(songs[song]!.file);
    const chance = chanceFrom(SEED + from);
    const samples = CLIP_SECONDS * RATE;
    const noiseFrom = Math.floor(chance() * (BABBLE_SECONDS - CLIP_SECONDS) * RATE);
    const takes = {
      clip: track.slice(from, from + samples + RATE),
      samples,
      babble: babble && babble.slice(noiseFrom, noiseFrom + samples),
    };
    for (const [name, degrade] of Object.entries(CONDITIONS)) {
      const worn = await degrade({ ...takes, chance: chanceFrom(SEED + from) });
      if (!worn) continue;
      const heard = await hearClip(ears, worn);
      const answers = await find(songs, index, heard, times);
      const row = right.get(name) ?? { asked: 0, landmarks: 0, segments: 0, both: 0 };
      row.asked++;
      row.landmarks += Number(answers.landmarks === song);
      row.segments += Number(answers.segments === song);
      row.both += Number((answers.landmarks ?? answers.segments) === song);
      right.set(name, row);
    }
  }
  printTable(print, songs, right, times);
}

async function find(
  songs: readonly Song[],
  index: LandmarkIndex,
  clip: Heard,
  times: number[],
): Promise<Answers> {
  const began = performance.now();
  const [best] = await index.find(clip.landmarks, MIN_VOTES);
  times.push(performance.now() - began);
  const hits = clip.segments.flatMap((segment, clipSecond) => nearest(songs, segment, clipSecond));
  const [same] = matchClip(clip.segments.length, hits);
  return { landmarks: best ? Number(best.key) : null, segments: same ? Number(same.trackId) : null };
}

/** As the vector store finds them: by cosine, over every second of every song. */
function nearest(songs: readonly Song[], segment: Float32Array, clipSecond: number): SegmentHit[] {
  const hits = songs.flatMap(({ segments }, song) =>
    segments.map((other, trackSecond) => ({
      trackId: String(song),
      clipSecond,
      trackSecond,
      score: dot(segment, other),
    })),
  );
  return hits.toSorted((a, b) => b.score - a.score).slice(0, HITS_PER_PLACE);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function cutClips(songs: readonly Song[], count: number): { song: number; from: number }[] {
  const chance = chanceFrom(SEED);
  return Array.from({ length: count }, () => {
    const song = Math.floor(chance() * songs.length);
    return { song, from: Math.floor((5 + chance() * (songs[song]!.seconds - 20)) * RATE) };
  });
}

function printTable(
  print: (line: string) => void,
  songs: readonly Song[],
  right: ReadonlyMap<string, { asked: number; landmarks: number; segments: number; both: number }>,
  times: readonly number[],
): void {
  const hours = songs.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  print(`clips of ${CLIP_SECONDS} s among ${songs.length} songs, ${hours.toFixed(1)} h`);
  print(`  ${'condition'.padEnd(22)}landmarks  segments  together`);
  const sums = { landmarks: 0, segments: 0, both: 0 };
  for (const [name, { asked, ...counts }] of right) {
    const shares = (['landmarks', 'segments', 'both'] as const).map((kind) => counts[kind] / asked);
    for (const [i, kind] of (['landmarks', 'segments', 'both'] as const).entries()) sums[kind] += shares[i]!;
    print(`  ${name.padEnd(22)}${shares.map((share) => share.toFixed(3).padEnd(10)).join(' ')}`);
  }
  const means = Object.values(sums).map((sum) => (sum / right.size).toFixed(3).padEnd(10));
  print(`  ${`mean of ${right.size}`.padEnd(22)}${means.join(' ')}`);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  print(`  a look-up by landmarks: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}
