import type { SegmentHit } from '@volna/search/match-clip';

import type { Song } from './library.ts';

/** Every second of every song. */
export interface Segments {
  readonly dimension: number;
  /** The nearest of each second of a clip, as a vector store finds them: by cosine. */
  nearest(clip: Float32Array, most: number): SegmentHit[];
}

export function openSegments(songs: readonly Song[], dimension: number): Segments {
  const counts = songs.map(({ segments }) => segments.length / dimension);
  const rows = new Float32Array(songs.reduce((sum, { segments }) => sum + segments.length, 0));
  const owners: { song: number; second: number }[] = [];
  for (const [song, { segments }] of songs.entries()) {
    rows.set(segments, owners.length * dimension);
    for (let second = 0; second < counts[song]!; second++) owners.push({ song, second });
  }
  return {
    dimension,
    nearest(clip, most) {
      const hits: SegmentHit[] = [];
      for (let at = 0; at < clip.length; at += dimension) {
        const place = clip.subarray(at, at + dimension);
        for (const { row, score } of nearestRows(rows, place, most)) {
          const { song, second } = owners[row]!;
          hits.push({ trackId: String(song), clipSecond: at / dimension, trackSecond: second, score });
        }
      }
      return hits;
    },
  };
}

function nearestRows(rows: Float32Array, place: Float32Array, most: number) {
  const best: { row: number; score: number }[] = [];
  const { length } = place;
  for (let row = 0; row * length < rows.length; row++) {
    const start = row * length;
    let score = 0;
    for (let i = 0; i < length; i++) score += rows[start + i]! * place[i]!;
    if (best.length === most && score <= best[most - 1]!.score) continue;
    if (best.length === most) best.pop();
    const after = best.findIndex((other) => other.score < score);
    best.splice(after === -1 ? best.length : after, 0, { row, score });
  }
  return best;
}
