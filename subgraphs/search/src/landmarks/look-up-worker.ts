import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

import { countVotes, placeOf, type Vote } from './count-votes.ts';

/** What a clip asks of the files. */
export interface LookUp {
  readonly id: number;
  /** Five numbers a read: the file's descriptor, the byte it begins at, postings, and which of `frames` they go with, from and how many. */
  readonly reads: Float64Array<ArrayBuffer>;
  /** Frames of the clip. */
  readonly frames: Uint32Array<ArrayBuffer>;
  /** What is known without reading. */
  readonly places: Float64Array<ArrayBuffer>;
  readonly least: number;
}

export interface LookedUp {
  readonly id: number;
  readonly votes?: Vote[];
  readonly fault?: string;
}

const POSTING_BYTES = 8;

parentPort?.on('message', (order: LookUp) => {
  let answer: LookedUp;
  try {
    answer = { id: order.id, votes: countVotes(readPlaces(order), order.least) };
  } catch (err) {
    answer = { id: order.id, fault: String(err) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
  parentPort?.postMessage(answer);
});

function readPlaces({ reads, frames, places }: LookUp): Float64Array {
  let size = places.length;
  let most = 0;
  for (let at = 0; at < reads.length; at += 5) {
    size += reads[at + 2]! * reads[at + 4]!;
    most = Math.max(most, reads[at + 2]!);
  }
  const all = new Float64Array(size);
  all.set(places);
  const postings = new Uint32Array(2 * most);
  const bytes = new Uint8Array(postings.buffer);
  let filled = places.length;
  for (let at = 0; at < reads.length; at += 5) {
    const [file, start, count] = [reads[at]!, reads[at + 1]!, reads[at + 2]!];
    const from = reads[at + 3]!;
    const to = from + reads[at + 4]!;
    // what a file lacks that is shorter than it was is read as nothing
    const read = readSync(file, bytes, 0, count * POSTING_BYTES, start) / POSTING_BYTES;
    for (let i = 0; i < read; i++)
      for (let frame = from; frame < to; frame++)
        all[filled++] = placeOf(postings[2 * i]!, postings[2 * i + 1]!, frames[frame]!);
  }
  return all.subarray(0, filled);
}
