import { EmbeddedVectors } from '@volna/platform/vectors-embedded';

import { dice } from './dice.ts';
import { type Benchmark, median, p95 } from './figure.ts';

const [POINTS, DIMENSION, QUERIES, HITS] = [100_000, 192, 300, 10];
const BATCH = 2_000;
/** Clusters as genres make them: scores that lie close together are the hard case. */
const CENTRES = 200;
const SEED = 20_261_121;
const [P95_MS, MISSED_SHARE, MEMORY_MB] = [5, 0.01, 1_000];

/** The embedded store at 100,000 vectors of 192 numbers, as long as a track’s: time beside a plain exact scan, what it misses, and memory. */
export const measureVectorSearch: Benchmark = async ({ rounds, tell }) => {
  const random = dice(SEED);
  const vectors = makeVectors(random);
  const before = process.memoryUsage().rss;
  await using store = await EmbeddedVectors.open();
  tell(`storing ${POINTS} vectors`);
  await fill(store, vectors);
  const memory = (process.memoryUsage().rss - before) / 1024 ** 2;

  const queries = Array.from({ length: QUERIES * (rounds + 1) }, () => near(vectors, random));
  const [ours, exact]: [number[], number[]] = [[], []];
  let missed = 0;
  for (const [at, query] of queries.entries()) {
    const asked = performance.now();
    const hits = await store.query('tracks', [...query], HITS);
    const answered = performance.now();
    const best = scan(vectors, query);
    const scanned = performance.now();
    // the first are for the compiler
    if (at < QUERIES) continue;
    ours.push(answered - asked);
    exact.push(scanned - answered);
    const found = new Set(hits.map(({ payload }) => payload.row));
    missed += best.filter((row) => !found.has(row)).length;
  }
  const share = missed / (ours.length * HITS);
  return [
    { name: 'vector-search: p95', unit: 'ms', ours: p95(ours), peer: null, limit: P95_MS },
    {
      name: 'vector-search: beside exact scan',
      unit: 'ms',
      ours: median(ours),
      peer: median(exact),
      limit: 1,
    },
    { name: 'vector-search: missed of 10', unit: '', ours: share, peer: null, limit: MISSED_SHARE },
    { name: 'vector-search: memory', unit: 'MB', ours: memory, peer: null, limit: MEMORY_MB },
  ];
};

async function fill(store: EmbeddedVectors, vectors: Float32Array): Promise<void> {
  await store.ensureCollection('tracks', DIMENSION);
  for (let from = 0; from < POINTS; from += BATCH) {
    const points = Array.from({ length: BATCH }, (_, n) => ({
      id: `00000000-0000-4000-8000-${String(from + n).padStart(12, '0')}`,
      vector: [...rowOf(vectors, from + n)],
      payload: { row: from + n, trackId: `trk_${from + n}`, genres: ['rock'], year: 1990 },
    }));
    await store.upsert('tracks', points);
  }
}

/** What one would write first: each row, a multiplication each dimension, and the best ten. */
function scan(vectors: Float32Array, query: Float32Array): number[] {
  const best: { row: number; score: number }[] = [];
  for (let row = 0; row < POINTS; row++) {
    const start = row * DIMENSION;
    let score = 0;
    for (let at = 0; at < DIMENSION; at++) score += vectors[start + at]! * query[at]!;
    if (best.length === HITS && score <= best[HITS - 1]!.score) continue;
    best.push({ row, score });
    best.sort((a, b) => b.score - a.score);
    best.length = Math.min(best.length, HITS);
  }
  return best.map(({ row }) => row);
}

function makeVectors(random: () => number): Float32Array {
  const centres = Float32Array.from({ length: CENTRES * DIMENSION }, () => random() - 0.5);
  const vectors = new Float32Array(POINTS * DIMENSION);
  for (let row = 0; row < POINTS; row++) {
    const centre = rowOf(centres, Math.floor(random() * CENTRES));
    vectors.set(toUnit(centre.map((value) => value + 0.5 * (random() - 0.5))), row * DIMENSION);
  }
  return vectors;
}

/** A vector that is not stored, near to one that is. */
function near(vectors: Float32Array, random: () => number): Float32Array {
  const row = rowOf(vectors, Math.floor(random() * POINTS));
  return toUnit(row.map((value) => value + 0.05 * (random() - 0.5)));
}

function rowOf(vectors: Float32Array, row: number): Float32Array {
  return vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION);
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
