import { readFileSync } from 'node:fs';

// Node knows it; the types of this project, which has no DOM, do not
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly multiply: (...numbers: number[]) => void } };
  Memory: new (size: { readonly initial: number }) => {
    readonly buffer: ArrayBuffer;
    readonly grow: (pages: number) => number;
  };
};

/** Multiplies four numbers at once; its source is beside it. */
const MODULE = new WebAssembly.Module(
  Uint8Array.from(readFileSync(new URL('dot-products.wasm', import.meta.url))),
);
const PAGE_BYTES = 65_536;
/** Numbers that are taken in one step. */
const STEP = 4;
const NUMBER_BYTES = 4;

const memory = new WebAssembly.Memory({ initial: 1 });
const { multiply } = new WebAssembly.Instance(MODULE, { vectors: { memory } }).exports;

/**
 * The product of each of the left vectors with each of the right ones, all of one dimension: those of the first right one
 * with all left ones come first. In 32-bit floats, and the same on every machine.
 */
export function dotProducts(left: readonly Float32Array[], right: readonly Float32Array[]): Float32Array {
  const dimension = left[0]?.length ?? 0;
  const products = left.length * right.length;
  if (products === 0 || dimension === 0) return new Float32Array(products);
  const size = Math.ceil(dimension / STEP) * STEP;
  const rightAt = left.length * size;
  const productsAt = rightAt + right.length * size;
  makeRoom((productsAt + products) * NUMBER_BYTES);
  const numbers = new Float32Array(memory.buffer, 0, productsAt + products);
  put(left, 0);
  put(right, rightAt);
  const bytes = size * NUMBER_BYTES;
  multiply(0, rightAt * NUMBER_BYTES, productsAt * NUMBER_BYTES, left.length, right.length, bytes);
  return numbers.slice(productsAt);

  function put(vectors: readonly Float32Array[], from: number): void {
    for (const [index, vector] of vectors.entries()) {
      if (vector.length !== dimension)
        throw new RangeError(`a vector of ${vector.length} where ${dimension} are due`);
      numbers.set(vector, from + index * size);
      numbers.fill(0, from + index * size + dimension, from + (index + 1) * size);
    }
  }
}

function makeRoom(bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
