import { readFileSync } from 'node:fs';

// Node knows it; the types of this project, which has no DOM, do not
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly scan: (...numbers: number[]) => void } };
  Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** Multiplies sixteen numbers at once; its source is beside it. */
const MODULE = new WebAssembly.Module(
  Uint8Array.from(readFileSync(new URL('vectors-scan.wasm', import.meta.url))),
);
const PAGE_BYTES = 65_536;
/** Numbers that are taken in one step. */
const STEP = 16;
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
  readonly #run: (...numbers: number[]) => void;
  readonly #query: Int16Array;
  readonly #queryLimit: number;
  readonly #scales: Float32Array;
  readonly #scores: Float32Array;
  readonly #rows: Int8Array;

  constructor(dimension: number, capacity: number, from?: QuantisedRows) {
    this.#size = Math.ceil(dimension / STEP) * STEP;
    this.#capacity = capacity;
    const bytes = this.#size * 2 + capacity * (8 + this.#size);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    this.#run = new WebAssembly.Instance(MODULE, { table: { memory } }).exports.scan;
    const { buffer } = memory;
    this.#query = new Int16Array(buffer, 0, this.#size);
    this.#rows = new Int8Array(buffer, this.#size * 2, capacity * this.#size);
    const end = this.#rows.byteOffset + this.#rows.byteLength;
    this.#scales = new Float32Array(buffer, end, capacity);
    this.#scores = new Float32Array(buffer, end + 4 * capacity, capacity);
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
    const scale = largest(query) / this.#queryLimit;
    for (const [at, value] of query.entries()) this.#query[at] = scale === 0 ? 0 : Math.round(value / scale);
    const { byteOffset: rows } = this.#rows;
    this.#run(0, rows, this.#scales.byteOffset, this.#scores.byteOffset, count, this.#size, scale);
    return this.#scores.subarray(0, count);
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
