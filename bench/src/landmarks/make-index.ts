import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { LANDMARK_HASHES, type Landmarks } from '@volna/events';
import { LandmarkFolder } from '@volna/search/landmark-folder';
import { LandmarkIndex } from '@volna/search/landmark-index';
import { POSTING_BYTES, PostingFile } from '@volna/search/posting-file';

/** A track of three minutes and a quarter, as the corpus has them. */
const LANDMARKS_OF_TRACK = 25_000;
const FRAMES_OF_TRACK = 6_100;
/** As merging leaves them. */
const SHARES_OF_FILES = [0.75, 0.19, 0.05, 0.01];
/** Of five seconds, and how many of them the track has too. */
const [CLIP_LANDMARKS, CLIP_FRAMES, HEARD] = [1_200, 156, 300];
/** Low notes are common, and so are pairs that are near to one another in pitch and time. */
const [LOW_BINS, NEAR_BINS, NEAR_FRAMES] = [12, 20, 18];

export interface Clip {
  readonly landmarks: Landmarks;
  /** Number of the track that it is from, and where. */
  readonly track: number;
  readonly frame: number;
}

type Chance = () => number;

/** How often each hash comes, of all. */
export function makeShares(): Float64Array {
  const shares = new Float64Array(LANDMARK_HASHES);
  let sum = 0;
  for (let hash = 0; hash < LANDMARK_HASHES; hash++) {
    const [bin, steps, frames] = [hash >> 13, ((hash >> 6) & 127) - 64, hash & 63];
    if (frames < 2) continue;
    shares[hash] = Math.exp(-Math.abs(steps) / NEAR_BINS - frames / NEAR_FRAMES) / (bin + LOW_BINS);
    sum += shares[hash]!;
  }
  return shares.map((share) => share / sum);
}

/** Clips of five seconds, a few landmarks of which are of some track, and the others of no track in particular. */
export function makeClips(shares: Float64Array, tracks: number, count: number, chance: Chance): Clip[] {
  const until = new Float64Array(shares.length);
  let sum = 0;
  for (const [hash, share] of shares.entries()) until[hash] = sum += share;
  const draw = () => firstAbove(until, chance() * sum);
  return Array.from({ length: count }, () => ({
    landmarks: {
      hashes: Uint32Array.from({ length: CLIP_LANDMARKS }, draw),
      frames: Uint32Array.from({ length: CLIP_LANDMARKS }, () => Math.floor(chance() * CLIP_FRAMES)),
    },
    track: Math.floor(chance() * tracks),
    frame: Math.floor(chance() * (FRAMES_OF_TRACK - CLIP_FRAMES)),
  }));
}

/**
 * An index of so many tracks: its files are as long as those of real ones and hold what clips ask for; the rest of them
 * is never read and takes no room on the disk.
 */
export async function makeIndex(
  path: string,
  tracks: number,
  shares: Float64Array,
  clips: readonly Clip[],
  chance: Chance,
): Promise<LandmarkIndex> {
  const folder = new LandmarkFolder(path);
  await folder.load();
  const files: PostingFile[] = [];
  for (const [number, share] of SHARES_OF_FILES.entries()) {
    const expected = LANDMARKS_OF_TRACK * tracks * share;
    const countOf = (hash: number) => Math.floor(expected * shares[hash]! + chance());
    const name = join(path, `postings-${number}`);
    const file = await PostingFile.write(name, expected, async (from, to, counts) => {
      for (let hash = from; hash < to; hash++) counts[hash - from] = countOf(hash);
      return new Uint32Array(0);
    });
    await fill(file, number === 0 ? clips : [], clips, tracks, chance);
    files.push(file);
  }
  const keys = Array.from({ length: tracks }, (_, number) => [number, `track ${number}`] as const);
  await folder.save(files, keys, tracks);
  await Promise.all(files.map((file) => file.close()));
  return LandmarkIndex.open(path, { isKept: true });
}

/** Writes what the clips ask for: the landmarks that are theirs, and others. */
async function fill(
  file: PostingFile,
  own: readonly Clip[],
  asked: readonly Clip[],
  tracks: number,
  chance: Chance,
): Promise<void> {
  await using disk = await open(file.path, 'r+');
  await disk.truncate(file.size * POSTING_BYTES);
  for (const hash of new Set(asked.flatMap(({ landmarks }) => [...landmarks.hashes]))) {
    const postings = new Uint32Array(2 * file.countOf(hash));
    for (let i = 0; i < postings.length; i += 2) {
      postings[i] = Math.floor(chance() * tracks);
      postings[i + 1] = Math.floor(chance() * FRAMES_OF_TRACK);
    }
    let at = 0;
    for (const { landmarks, track, frame } of own)
      for (let i = 0; i < HEARD && 2 * at < postings.length; i++)
        if (landmarks.hashes[i] === hash) postings.set([track, frame + landmarks.frames[i]!], 2 * at++);
    const bytes = new Uint8Array(postings.buffer);
    if (bytes.length > 0) await disk.write(bytes, 0, bytes.length, file.startOf(hash) * POSTING_BYTES);
  }
}

function firstAbove(values: Float64Array, wanted: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
