import { powerSpectrumOf } from './power-spectrum.ts';

export interface MelSettings {
  readonly sampleRate: number;
  readonly nFft: number;
  readonly hop: number;
  readonly nMels: number;
  readonly fMin: number;
  readonly fMax: number;
}

/** Consecutive frames: the energy of each mel band, frame after frame, and each frame's largest sample. */
export interface MelFrames {
  readonly count: number;
  readonly energies: Float32Array;
  readonly peaks: Float32Array;
}

interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

function toMel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function toHertz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/** Triangles of height one between points that are equally far apart on the HTK mel scale. */
export function createMelBank({ sampleRate, nFft, nMels, fMin, fMax }: MelSettings): Band[] {
  const [low, high] = [toMel(fMin), toMel(fMax)];
  const edge = (i: number) => toHertz(low + ((high - low) * i) / (nMels + 1));
  return Array.from({ length: nMels }, (_, band) => {
    const [left, centre, right] = [edge(band), edge(band + 1), edge(band + 2)];
    const weightOf = (bin: number) => {
      const hertz = (bin * sampleRate) / nFft;
      return Math.max(0, Math.min((hertz - left) / (centre - left), (right - hertz) / (right - centre)));
    };
    const bins = Array.from({ length: nFft / 2 + 1 }, (_unused, bin) => bin).filter(
      (bin) => weightOf(bin) > 0,
    );
    // a band narrower than a bin takes the nearest one
    if (bins.length === 0)
      return { first: Math.round((centre * nFft) / sampleRate), weights: Float64Array.of(1) };
    return { first: bins[0]!, weights: Float64Array.from(bins, weightOf) };
  });
}

/** Cuts a stream of samples into mel frames; what is too short for a frame waits for the next block. */
export function createMelStream(settings: MelSettings): (block: Float32Array) => MelFrames {
  const { nFft, hop, nMels } = settings;
  const bank = createMelBank(settings);
  const powerOf = powerSpectrumOf(nFft);
  const power = new Float32Array(nFft / 2 + 1);
  let rest = new Float32Array(0);

  return (block) => {
    const samples = new Float32Array(rest.length + block.length);
    samples.set(rest);
    samples.set(block, rest.length);
    const count = Math.max(0, Math.floor((samples.length - nFft) / hop) + 1);
    const energies = new Float32Array(count * nMels);
    const peaks = new Float32Array(count);
    for (let frame = 0; frame < count; frame++) {
      const start = frame * hop;
      peaks[frame] = peakOf(samples, start, start + nFft);
      powerOf(samples, start, power);
      sumBands(bank, power, energies, frame * nMels);
    }
    rest = samples.slice(count * hop);
    return { count, energies, peaks };
  };
}

function peakOf(samples: Float32Array, from: number, to: number): number {
  let peak = 0;
  for (let i = from; i < to; i++) peak = Math.max(peak, Math.abs(samples[i]!));
  return peak;
}

/** Writes the energy of each band of a power spectrum. */
export function sumBands(
  bank: readonly Band[],
  power: Float32Array,
  out: Float32Array | Float64Array,
  offset = 0,
): void {
  for (let band = 0; band < bank.length; band++) {
    const { first, weights } = bank[band]!;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += power[first + i]! * weights[i]!;
    out[offset + band] = sum;
  }
}
