import { TopK } from './top-k.ts';
import { compileFilter } from './vector-filter.ts';
import { AT_ONCE, QuantisedRows } from './vectors-scan.ts';
import type { VectorFilter, VectorHit, VectorPayload } from './vectors.ts';

export interface StoredPoint {
  readonly id: string;
  readonly vector: Float32Array;
  readonly payload: VectorPayload;
}

type Matches = (payload: VectorPayload) => boolean;

const FIRST_ROWS = 64;

/**
 * The vectors of one collection, row after row in one array without gaps, so that a scan runs through memory. The scan
 * goes over rounded ones; what they leave in question is compared exactly, so that the answer is that of an exact scan.
 */
export class VectorTable {
  readonly #dimension: number;
  #vectors: Float32Array;
  #rounded: QuantisedRows;
  readonly #ids: string[] = [];
  readonly #payloads: VectorPayload[] = [];
  readonly #rows = new Map<string, number>();

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#vectors = new Float32Array(FIRST_ROWS * dimension);
    this.#rounded = new QuantisedRows(dimension, FIRST_ROWS);
  }

  get size(): number {
    return this.#ids.length;
  }

  upsert({ id, vector, payload }: StoredPoint): void {
    const row = this.#rows.get(id) ?? this.#ids.length;
    this.#makeRoom(row);
    const stored = unit(vector);
    this.#vectors.set(stored, row * this.#dimension);
    this.#rounded.set(row, stored);
    this.#ids[row] = id;
    this.#payloads[row] = payload;
    this.#rows.set(id, row);
  }

  /** The last row fills the gap. */
  delete(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    const last = this.#ids.length - 1;
    const [lastId, lastPayload] = [this.#ids.pop(), this.#payloads.pop()];
    this.#rows.delete(id);
    if (row === last || lastId === undefined || lastPayload === undefined) return;
    this.#vectors.copyWithin(row * this.#dimension, last * this.#dimension, (last + 1) * this.#dimension);
    this.#rounded.move(last, row);
    this.#ids[row] = lastId;
    this.#payloads[row] = lastPayload;
    this.#rows.set(lastId, row);
  }

  deleteWhere(field: string, value: string): void {
    const matches = compileFilter({ anyOf: { [field]: [value] } });
    const ids = this.#ids.filter((_id, row) => matches(this.#payload(row)));
    for (const id of ids) this.delete(id);
  }

  get(id: string): StoredPoint | null {
    const row = this.#rows.get(id);
    if (row === undefined) return null;
    const start = row * this.#dimension;
    return { id, vector: this.#vectors.slice(start, start + this.#dimension), payload: this.#payload(row) };
  }

  query(vector: Float32Array, limit: number, filter: VectorFilter | undefined): VectorHit[] {
    const query = unit(vector);
    return this.#best(query, this.#rounded.scan(query, this.size), limit, filter && compileFilter(filter));
  }

  /** Several queries in fewer passes over the rows. */
  queryEach(vectors: readonly Float32Array[], limit: number): VectorHit[][] {
    const queries = vectors.map(unit);
    const whole = queries.length - (queries.length % AT_ONCE);
    const answers: VectorHit[][] = [];
    for (let from = 0; from < whole; from += AT_ONCE) {
      const four = queries.slice(from, from + AT_ONCE);
      const scores = this.#rounded.scanFour(four, this.size);
      for (const [at, query] of four.entries())
        answers.push(this.#best(query, scores[at] ?? new Float32Array(), limit));
    }
    return [...answers, ...queries.slice(whole).map((query) => this.query(query, limit, undefined))];
  }

  #best(query: Float32Array, scores: Float32Array, limit: number, matches?: Matches): VectorHit[] {
    const top = new TopK(limit);
    for (const row of this.#candidates(scores, limit, matches)) top.offer(this.#dot(row, query), row);
    return top.sorted().map(({ score, item: row }) => ({
      id: this.#ids[row] ?? '',
      // Rounding of 32-bit numbers must not say more than the same.
      score: Math.max(-1, Math.min(1, score)),
      payload: this.#payload(row),
    }));
  }

  /** All rows that may be among the best, and some more. */
  #candidates(scores: Float32Array, limit: number, matches?: Matches): number[] {
    const { errors } = this.#rounded;
    // what each is at least, the best of them; what is less than that at most is none of the best
    const top = new TopK(limit);
    let floor = -Infinity;
    const rows: number[] = [];
    for (let row = 0; row < scores.length; row++) {
      const score = scores[row]!;
      const error = errors[row]!;
      // a payload is looked at only where that is of interest
      if (score + error < floor || (matches && !matches(this.#payload(row)))) continue;
      rows.push(row);
      if (score - error <= floor) continue;
      top.offer(score - error, row);
      floor = top.floor;
    }
    return rows.filter((row) => scores[row]! + errors[row]! >= floor);
  }

  #payload(row: number): VectorPayload {
    return this.#payloads[row] ?? {};
  }

  /** Four sums at once, for a processor that can add while it multiplies. */
  #dot(row: number, query: Float32Array): number {
    const vectors = this.#vectors;
    const start = row * this.#dimension;
    const whole = this.#dimension - (this.#dimension % 4);
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < whole; i += 4) {
      a += vectors[start + i]! * query[i]!;
      b += vectors[start + i + 1]! * query[i + 1]!;
      c += vectors[start + i + 2]! * query[i + 2]!;
      d += vectors[start + i + 3]! * query[i + 3]!;
    }
    for (let i = whole; i < this.#dimension; i++) a += vectors[start + i]! * query[i]!;
    return a + b + (c + d);
  }

  #makeRoom(row: number): void {
    if ((row + 1) * this.#dimension <= this.#vectors.length) return;
    const wider = new Float32Array(this.#vectors.length * 2);
    wider.set(this.#vectors);
    this.#vectors = wider;
    this.#rounded = new QuantisedRows(this.#dimension, this.#rounded.capacity * 2, this.#rounded);
  }
}

/** As Qdrant stores a vector of a cosine collection. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
