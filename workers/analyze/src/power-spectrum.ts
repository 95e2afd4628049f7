import openPffft from '@echogarden/pffft-wasm/simd';

/** Power of the bins 0…n/2 of n samples from a place on, under the periodic Hann window. */
export type PowerSpectrum = (samples: Float32Array, from: number, power: Float32Array) => void;

/** As the library's header has them. */
const [REAL, FORWARD] = [0, 0];

const pffft = await openPffft();
/** One for each length: what the library sets up is in its own memory, which no collector knows. */
const spectra = new Map<number, PowerSpectrum>();

/** n is a power of two from 32 on. In 32-bit floats: bins are exact to about a millionth of the loudest one. */
export function powerSpectrumOf(n: number): PowerSpectrum {
  const spectrum = spectra.get(n) ?? setUp(n);
  spectra.set(n, spectrum);
  return spectrum;
}

function setUp(n: number): PowerSpectrum {
  const setup = pffft._pffft_new_setup(n, REAL);
  const [input, output, work] = [allocate(n), allocate(n), allocate(n)];
  const window = hann(n);
  const half = n >> 1;

  return (samples, from, power) => {
    // the views change when the library's memory grows
    const heap = pffft.HEAPF32;
    const [signal, bins] = [input >> 2, output >> 2];
    for (let i = 0; i < n; i++) heap[signal + i] = samples[from + i]! * window[i]!;
    pffft._pffft_transform_ordered(setup, input, output, work, FORWARD);
    // what is real only stands first: the constant, then the highest frequency
    power[0] = heap[bins]! ** 2;
    power[half] = heap[bins + 1]! ** 2;
    for (let k = 1; k < half; k++) {
      const re = heap[bins + 2 * k]!;
      const im = heap[bins + 2 * k + 1]!;
      power[k] = re * re + im * im;
    }
  };
}

/** The address of so many floats. */
function allocate(floats: number): number {
  return pffft._pffft_aligned_malloc(floats * Float32Array.BYTES_PER_ELEMENT);
}

function hann(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}
