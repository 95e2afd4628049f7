/** What we use of it; addresses are in bytes. */
declare module '@echogarden/pffft-wasm/simd' {
  interface Pffft {
    readonly HEAPF32: Float32Array;
    _pffft_new_setup(length: number, kind: number): number;
    _pffft_aligned_malloc(bytes: number): number;
    _pffft_transform_ordered(
      setup: number,
      input: number,
      output: number,
      work: number,
      direction: number,
    ): void;
  }

  export default function openPffft(): Promise<Pffft>;
}
