/**
 * Power of the bins 0…n/2 of a real signal of n samples, n a power of two: a complex radix-2 FFT of half the
 * length over even and odd samples, then the split that makes it the real signal's.
 */
export function createPowerSpectrum(n: number): (signal: Float64Array, power: Float64Array) => void {
  const half = n >> 1;
  const cos = Float64Array.from({ length: half }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sin = Float64Array.from({ length: half }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  const order = bitReversal(half);
  const re = new Float64Array(half);
  const im = new Float64Array(half);

  return (signal, power) => {
    for (let i = 0; i < half; i++) {
      re[i] = signal[2 * order[i]!]!;
      im[i] = signal[2 * order[i]! + 1]!;
    }
    transform(re, im, cos, sin);
    power[0] = (re[0]! + im[0]!) ** 2;
    power[half] = (re[0]! - im[0]!) ** 2;
    for (let k = 1; k < half; k++) {
      const m = half - k;
      const evenRe = (re[k]! + re[m]!) / 2;
      const evenIm = (im[k]! - im[m]!) / 2;
      const oddRe = (im[k]! + im[m]!) / 2;
      const oddIm = -(re[k]! - re[m]!) / 2;
      const x = evenRe + oddRe * cos[k]! + oddIm * sin[k]!;
      const y = evenIm + oddIm * cos[k]! - oddRe * sin[k]!;
      power[k] = x * x + y * y;
    }
  };
}

/** In place, on input in bit-reversed order; the tables are of twice the length of the data. */
function transform(re: Float64Array, im: Float64Array, cos: Float64Array, sin: Float64Array): void {
  const length = re.length;
  for (let size = 2; size <= length; size <<= 1) {
    const half = size >> 1;
    const step = (2 * length) / size;
    for (let start = 0; start < length; start += size) {
      for (let j = 0, k = 0; j < half; j++, k += step) {
        const a = start + j;
        const b = a + half;
        const re1 = re[b]! * cos[k]! + im[b]! * sin[k]!;
        const im1 = im[b]! * cos[k]! - re[b]! * sin[k]!;
        re[b] = re[a]! - re1;
        im[b] = im[a]! - im1;
        re[a] = re[a]! + re1;
        im[a] = im[a]! + im1;
      }
    }
  }
}

function bitReversal(length: number): Uint32Array {
  const bits = Math.log2(length);
  return Uint32Array.from({ length }, (_, index) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
    return reversed;
  });
}

/** The periodic Hann window. */
export function hann(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}
