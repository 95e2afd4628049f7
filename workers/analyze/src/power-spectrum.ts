/**
 * Power of the bins 0…n/2 of a real signal of n samples, n a power of two from 8 on: a complex FFT of half the
 * length over even and odd samples, then the split that makes it the real signal's.
 */
export function createPowerSpectrum(n: number): (signal: Float64Array, power: Float64Array) => void {
  const half = n >> 1;
  const cos = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sin = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  const order = bitReversal(half);
  const re = new Float64Array(half);
  const im = new Float64Array(half);

  return (signal, power) => {
    for (let i = 0; i < half; i++) {
      const from = 2 * order[i]!;
      re[i] = signal[from]!;
      im[i] = signal[from + 1]!;
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
  const { length } = re;
  let size = 1;
  for (; size * 4 <= length; size *= 4) joinFours(re, im, cos, sin, size);
  if (size < length) joinHalves(re, im, cos, sin);
}

/** Two radix-2 passes in one: each four neighbouring transforms of `size` become one of four times the size. */
function joinFours(
  re: Float64Array,
  im: Float64Array,
  cos: Float64Array,
  sin: Float64Array,
  size: number,
): void {
  const { length } = re;
  const step = length / (2 * size);
  for (let j = 0, k = 0; j < size; j++, k += step) {
    const cos1 = cos[k]!;
    const sin1 = sin[k]!;
    const cos2 = cos[2 * k]!;
    const sin2 = sin[2 * k]!;
    const cos3 = cos[3 * k]!;
    const sin3 = sin[3 * k]!;
    for (let a = j; a < length; a += 4 * size) {
      const b = a + size;
      const c = b + size;
      const d = c + size;
      const reA = re[a]!;
      const imA = im[a]!;
      const reB = re[b]! * cos2 + im[b]! * sin2;
      const imB = im[b]! * cos2 - re[b]! * sin2;
      const reC = re[c]! * cos1 + im[c]! * sin1;
      const imC = im[c]! * cos1 - re[c]! * sin1;
      const reD = re[d]! * cos3 + im[d]! * sin3;
      const imD = im[d]! * cos3 - re[d]! * sin3;
      re[a] = reA + reB + (reC + reD);
      im[a] = imA + imB + (imC + imD);
      re[b] = reA - reB + (imC - imD);
      im[b] = imA - imB - (reC - reD);
      re[c] = reA + reB - (reC + reD);
      im[c] = imA + imB - (imC + imD);
      re[d] = reA - reB - (imC - imD);
      im[d] = imA - imB + (reC - reD);
    }
  }
}

/** The last radix-2 pass, where the length is no power of four. */
function joinHalves(re: Float64Array, im: Float64Array, cos: Float64Array, sin: Float64Array): void {
  const half = re.length >> 1;
  for (let a = 0; a < half; a++) {
    const b = a + half;
    const re1 = re[b]! * cos[2 * a]! + im[b]! * sin[2 * a]!;
    const im1 = im[b]! * cos[2 * a]! - re[b]! * sin[2 * a]!;
    re[b] = re[a]! - re1;
    im[b] = im[a]! - im1;
    re[a] = re[a]! + re1;
    im[a] = im[a]! + im1;
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
