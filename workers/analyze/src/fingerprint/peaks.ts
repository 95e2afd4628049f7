import { powerSpectrumOf } from '../power-spectrum.ts';

/** A place in the spectrogram that is louder than all around it. */
export interface Peak {
  readonly frame: number;
  /** 0–255: 62 Hz to 4 kHz in steps of 15.6 Hz. */
  readonly bin: number;
  readonly power: number;
}

const N_FFT = 1024;
/** 32 ms. */
export const PEAK_HOP = 512;
const BINS = 256;
const FIRST_BIN = 4;
/** How far around nothing may be louder: 224 ms and 156 Hz. */
const [NEAR_FRAMES, NEAR_BINS] = [7, 10];
/** Power of a bin; 16-bit silence is below it. */
const MIN_POWER = Math.exp(-14);
/** A second, about, from which the loudest are taken. */
const BLOCK_FRAMES = 31;
/** Read at a time. */
const CHUNK_FRAMES = BLOCK_FRAMES * 30;

export type ReadSamples = (from: number, count: number) => Promise<Float32Array>;

/** The loudest peaks of each second, in the order of time. */
export async function findPeaks(read: ReadSamples, samples: number, perSecond: number): Promise<Peak[]> {
  const frames = samples < N_FFT ? 0 : 1 + Math.floor((samples - N_FFT) / PEAK_HOP);
  const found: Peak[] = [];
  for (let from = 0; from < frames; from += CHUNK_FRAMES) {
    const to = Math.min(frames, from + CHUNK_FRAMES);
    const first = Math.max(0, from - NEAR_FRAMES);
    const last = Math.min(frames, to + NEAR_FRAMES);
    // oxlint-disable-next-line no-await-in-loop -- one chunk in memory at a time
    const chunk = await read(first * PEAK_HOP, (last - first - 1) * PEAK_HOP + N_FFT);
    const peaks = localMaxima(createSpectrogram(chunk, last - first), last - first)
      .map((peak) => ({ ...peak, frame: peak.frame + first }))
      .filter(({ frame }) => frame >= from && frame < to);
    found.push(...loudest(peaks, perSecond));
  }
  return found;
}

/** The power of `BINS` bins, frame after frame. */
function createSpectrogram(samples: Float32Array, frames: number): Float32Array {
  const powerOf = powerSpectrumOf(N_FFT);
  const power = new Float32Array(N_FFT / 2 + 1);
  const spectrogram = new Float32Array(frames * BINS);
  for (let frame = 0; frame < frames; frame++) {
    powerOf(samples, frame * PEAK_HOP, power);
    spectrogram.set(power.subarray(FIRST_BIN, FIRST_BIN + BINS), frame * BINS);
  }
  return spectrogram;
}

function localMaxima(spectrogram: Float32Array, frames: number): Peak[] {
  const acrossBins = largestNear(spectrogram, frames);
  const peaks: Peak[] = [];
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < BINS; bin++) {
      const power = spectrogram[frame * BINS + bin]!;
      // most are outdone in their own frame
      if (power <= MIN_POWER || power < acrossBins[frame * BINS + bin]!) continue;
      const to = Math.min(frames - 1, frame + NEAR_FRAMES);
      let isMost = true;
      for (let at = Math.max(0, frame - NEAR_FRAMES); at <= to && isMost; at++)
        isMost = acrossBins[at * BINS + bin]! <= power;
      if (isMost) peaks.push({ frame, bin, power });
    }
  }
  return peaks;
}

/** The largest value within `NEAR_BINS` bins either way, by maxima of ever twice as many neighbours. */
function largestNear(spectrogram: Float32Array, frames: number): Float32Array {
  const width = 2 * NEAR_BINS + 1;
  const largest = new Float32Array(spectrogram.length);
  // each frame has silence on both sides, so that its first and last bins have neighbours as well
  const row = new Float32Array(BINS + 2 * NEAR_BINS);
  for (let frame = 0; frame < frames; frame++) {
    row.fill(0);
    row.set(spectrogram.subarray(frame * BINS, (frame + 1) * BINS), NEAR_BINS);
    let reach = 1;
    for (; 2 * reach <= width; reach *= 2) joinNeighbours(row, reach);
    joinNeighbours(row, width - reach);
    largest.set(row.subarray(0, BINS), frame * BINS);
  }
  return largest;
}

/** Of each value and the one so far behind it, the larger. */
function joinNeighbours(row: Float32Array, distance: number): void {
  for (let i = 0; i + distance < row.length; i++) row[i] = Math.max(row[i]!, row[i + distance]!);
}

function loudest(peaks: readonly Peak[], perSecond: number): Peak[] {
  const blocks = Map.groupBy(peaks, ({ frame }) => Math.floor(frame / BLOCK_FRAMES));
  return [...blocks.values()].flatMap((block) =>
    block
      .toSorted((a, b) => b.power - a.power)
      .slice(0, perSecond)
      .toSorted((a, b) => a.frame - b.frame || a.bin - b.bin),
  );
}
