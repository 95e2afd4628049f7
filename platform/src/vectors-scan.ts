import { readFileSync } from 'node:fs';

// Node knows it; the types of this project, which has no DOM, do not
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Kernel };
  Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

interface Kernel {
  readonly scan: (...numbers: number[]) => void;
  readonly scanFour: (...numbers: number[]) => void;
}

/** Multiplies sixteen numbers at once; its source is beside it. */
const MODULE = new WebAssembly.Module(
  Uint8Array.from(readFileSync(new URL('vectors-scan.wasm', import.meta.url))),
);
const PAGE_BYTES = 65_536;
/** Numbers that are taken in one step. */
const STEP = 16;
/** Queries that one pass over the rows may answer. */
export const AT_ONCE = 4;
const INT8 = 127;
const INT16 = 32_767;
const INT32 = 2 ** 31 - 1;

/**
 * Unit vectors as int8, a quarter of their size, with a scan of all of them that is many times faster than an exact one.
 * A row's score is off by no more than its error, so that whoever looks again at all that may be meant misses nothing.
 */
export class QuantisedRows {
  /** How far the score of each row may be from the true one. */
  readonly errors: Float32Array;
  readonly #size: number;
  readonly #capacity: number;
  readonly #kernel: Kernel;
  readonly #queries: Int16Array;
  readonly #queryLimit: number;
  readonly #scales: Float32Array;
  readonly #scores: Float32Array;
  readonly #rows: Int8Array;

  constructor(dimension: number, capacity: number, from?: QuantisedRows) {
    this.#size = Math.ceil(dimension / STEP) * STEP;
    this.#capacity = capacity;
    const queryBytes = AT_ONCE * this.#size * 2;
    const bytes = queryBytes + capacity * (4 + AT_ONCE * 4 + this.#size);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    this.#kernel = new WebAssembly.Instance(MODULE, { table: { memory } }).exports;
    const { buffer } = memory;
    this.#queries = new Int16Array(buffer, 0, AT_ONCE * this.#size);
    this.#rows = new Int8Array(buffer, queryBytes, capacity * this.#size);
    const end = this.#rows.byteOffset + this.#rows.byteLength;
    this.#scales = new Float32Array(buffer, end, capacity);
    this.#scores = new Float32Array(buffer, end + 4 * capacity, AT_ONCE * capacity);
    this.errors = new Float32Array(capacity);
    // no sum of so many products may be more than 32 bits hold
    this.#queryLimit = Math.min(INT16, Math.floor(INT32 / (INT8 * this.#size)));
    if (!from) return;
    this.#rows.set(from.#rows);
    this.#scales.set(from.#scales);
    this.errors.set(from.errors);
  }

  get capacity(): number {
    return this.#capacity;
  }

  set(row: number, vector: Float32Array): void {
    const scale = largest(vector) / INT8;
    const start = row * this.#size;
    let lost = 0;
    for (const [at, value] of vector.entries()) {
      const rounded = scale === 0 ? 0 : Math.round(value / scale);
      this.#rows[start + at] = rounded;
      lost += (value - rounded * scale) ** 2;
    }
    this.#scales[row] = scale;
    // |q · v − q · v̂| ≤ |q| |v − v̂|, and a query is a unit vector; the rest is the query's own rounding
    this.errors[row] = Math.sqrt(lost) + this.#roundingOfQuery();
  }

  move(from: number, to: number): void {
    this.#rows.copyWithin(to * this.#size, from * this.#size, (from + 1) * this.#size);
    this.#scales[to] = this.#scales[from] ?? 0;
    this.errors[to] = this.errors[from] ?? 0;
  }

  /** The scores of the first rows; they are good until the next scan. */
  scan(query: Float32Array, count: number): Float32Array {
    const scale = this.#put(query, 0);
    const { byteOffset: rows } = this.#rows;
    this.#kernel.scan(0, rows, this.#scales.byteOffset, this.#scores.byteOffset, count, this.#size, scale);
    return this.#scores.subarray(0, count);
  }

  /** The same of `AT_ONCE` queries, in less than twice the time of one. */
  scanFour(queries: readonly Float32Array[], count: number): Float32Array[] {
    if (queries.length !== AT_ONCE) throw new RangeError(`${queries.length} queries where four are due`);
    const scales = queries.map((query, place) => this.#put(query, place));
    const [rows, room] = [this.#rows.byteOffset, this.#capacity];
    const { byteOffset: scores } = this.#scores;
    this.#kernel.scanFour(0, rows, this.#scales.byteOffset, scores, count, this.#size, room, ...scales);
    return queries.map((_, place) => this.#scores.subarray(place * room, place * room + count));
  }

  /** Gives what one step of the rounded query is worth. */
  #put(query: Float32Array, place: number): number {
    const scale = largest(query) / this.#queryLimit;
    const from = place * this.#size;
    for (const [at, value] of query.entries())
      this.#queries[from + at] = scale === 0 ? 0 : Math.round(value / scale);
    return scale;
  }

  /** Half a step of the query in each dimension, against a vector of length 1 and what rounding has added to it. */
  #roundingOfQuery(): number {
    return (Math.sqrt(this.#size) / 2 / this.#queryLimit) * 1.1 + 1e-6;
  }
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
