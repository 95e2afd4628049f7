import { createPowerSpectrum, hann } from '../power-spectrum.ts';

/** A place in the spectrogram that is louder than all around it. */
export interface Peak {
  readonly frame: number;
  /** 0–255: 62 Hz to 4 kHz in steps of 15.6 Hz. */
  readonly bin: number;
  readonly level: number;
}

const N_FFT = 1024;
/** 32 ms. */
export const PEAK_HOP = 512;
const BINS = 256;
const FIRST_BIN = 4;
/** How far around nothing may be louder: 224 ms and 156 Hz. */
const [NEAR_FRAMES, NEAR_BINS] = [7, 10];
/** Log power; 16-bit silence is below it. */
const MIN_LEVEL = -14;
/** A second, about, from which the loudest are taken. */
const BLOCK_FRAMES = 31;
/** Read at a time. */
const CHUNK_FRAMES = BLOCK_FRAMES * 30;

export type ReadSamples = (from: number, count: number) => Promise<Float32Array>;

/** The loudest peaks of each second, in the order of time. */
export async function findPeaks(read: ReadSamples, samples: number, perSecond: number): Promise<Peak[]> {
  const frames = samples < N_FFT ? 0 : 1 + Math.floor((samples - N_FFT) / PEAK_HOP);
  const logPower = createLogPower();
  const found: Peak[] = [];
  for (let from = 0; from < frames; from += CHUNK_FRAMES) {
    const to = Math.min(frames, from + CHUNK_FRAMES);
    const first = Math.max(0, from - NEAR_FRAMES);
    const last = Math.min(frames, to + NEAR_FRAMES);
    // oxlint-disable-next-line no-await-in-loop -- one chunk in memory at a time
    const chunk = await read(first * PEAK_HOP, (last - first - 1) * PEAK_HOP + N_FFT);
    const levels = logPower(chunk, last - first);
    const peaks = localMaxima(levels, last - first)
      .map((peak) => ({ ...peak, frame: peak.frame + first }))
      .filter(({ frame }) => frame >= from && frame < to);
    found.push(...loudest(peaks, perSecond));
  }
  return found;
}

function createLogPower(): (samples: Float32Array, frames: number) => Float32Array {
  const window = hann(N_FFT);
  const powerOf = createPowerSpectrum(N_FFT);
  const windowed = new Float64Array(N_FFT);
  const power = new Float64Array(N_FFT / 2 + 1);
  return (samples, frames) => {
    const levels = new Float32Array(frames * BINS);
    for (let frame = 0; frame < frames; frame++) {
      for (let i = 0; i < N_FFT; i++) windowed[i] = samples[frame * PEAK_HOP + i]! * window[i]!;
      powerOf(windowed, power);
      for (let bin = 0; bin < BINS; bin++)
        levels[frame * BINS + bin] = Math.log(1e-8 + power[bin + FIRST_BIN]!);
    }
    return levels;
  };
}

function localMaxima(levels: Float32Array, frames: number): Peak[] {
  const acrossBins = new Float32Array(levels.length);
  for (let frame = 0; frame < frames; frame++) {
    const row = frame * BINS;
    for (let bin = 0; bin < BINS; bin++) {
      let most = -Infinity;
      const to = Math.min(BINS - 1, bin + NEAR_BINS);
      for (let at = Math.max(0, bin - NEAR_BINS); at <= to; at++)
        if (levels[row + at]! > most) most = levels[row + at]!;
      acrossBins[row + bin] = most;
    }
  }
  const peaks: Peak[] = [];
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < BINS; bin++) {
      const level = levels[frame * BINS + bin]!;
      // most are outdone in their own frame
      if (level <= MIN_LEVEL || level < acrossBins[frame * BINS + bin]!) continue;
      const to = Math.min(frames - 1, frame + NEAR_FRAMES);
      let isMost = true;
      for (let at = Math.max(0, frame - NEAR_FRAMES); at <= to && isMost; at++)
        isMost = acrossBins[at * BINS + bin]! <= level;
      if (isMost) peaks.push({ frame, bin, level });
    }
  }
  return peaks;
}

function loudest(peaks: readonly Peak[], perSecond: number): Peak[] {
  const blocks = Map.groupBy(peaks, ({ frame }) => Math.floor(frame / BLOCK_FRAMES));
  return [...blocks.values()].flatMap((block) =>
    block
      .toSorted((a, b) => b.level - a.level)
      .slice(0, perSecond)
      .toSorted((a, b) => a.frame - b.frame || a.bin - b.bin),
  );
}
