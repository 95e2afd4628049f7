import type { MelFrames } from './mel.ts';
import type { ModelInput } from './model.ts';

/** As many consecutive frames as a model takes at once. */
export interface Patch {
  /** Index of its first frame in the track. */
  readonly firstFrame: number;
  /** Of each band, frame after frame: logarithms for a model that takes the track as it is, else energies. */
  readonly values: Float32Array;
  /** Largest absolute sample. */
  readonly peak: number;
  /** Largest energy of a band in a frame. */
  readonly loudest: number;
}

/** −60 dBFS: below it a normalised patch is nothing but noise. */
const SILENCE = 0.001;
/** A tone at −78 dBFS: an offset, or rumble below all bands, is no sound either. */
const NO_ENERGY = 1e-3;

export function isSilent(patch: Patch): boolean {
  return patch.peak < SILENCE || patch.loudest < NO_ENERGY;
}

/** Cuts a stream of frames into patches that begin `hopFrames` apart, whatever the sizes of what arrives. */
export function createPatcher(
  { patchFrames, nMels, gain }: ModelInput,
  hopFrames: number,
): (frames: MelFrames) => Patch[] {
  // patches overlap: a logarithm that does not depend on the patch is taken once
  const toValues = gain === 'as-is' ? toLogs : (energies: Float32Array) => energies;
  const values = new Float32Array(patchFrames * nMels);
  const peaks = new Float32Array(patchFrames);
  const maxima = new Float32Array(patchFrames);
  let firstFrame = 0;
  let filled = 0;
  /** Frames between two patches that do not touch. */
  let skip = 0;

  return (frames) => {
    const patches: Patch[] = [];
    const arrived = toValues(frames.energies);
    for (let frame = 0; frame < frames.count; frame++) {
      if (skip > 0) {
        skip--;
        continue;
      }
      values.set(arrived.subarray(frame * nMels, (frame + 1) * nMels), filled * nMels);
      maxima[filled] = largestOf(frames.energies.subarray(frame * nMels, (frame + 1) * nMels));
      peaks[filled++] = frames.peaks[frame]!;
      if (filled < patchFrames) continue;
      patches.push({
        firstFrame,
        values: values.slice(),
        peak: largestOf(peaks),
        loudest: largestOf(maxima),
      });
      firstFrame += hopFrames;
      values.copyWithin(0, hopFrames * nMels);
      peaks.copyWithin(0, hopFrames);
      maxima.copyWithin(0, hopFrames);
      filled = Math.max(0, patchFrames - hopFrames);
      skip = Math.max(0, hopFrames - patchFrames);
    }
    return patches;
  };
}

/** Writes one patch as the model was trained to see it: gain, logarithm, z-score over the patch, band by band. */
export function writeInput(patch: Patch, { patchFrames, nMels, gain }: ModelInput, out: Float32Array): void {
  const logs = gain === 'as-is' ? patch.values : toLogs(patch.values, (0.5 / (patch.peak + 1e-6)) ** 2);
  const size = patchFrames * nMels;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += logs[i]!;
  const mean = sum / size;
  let squares = 0;
  for (let i = 0; i < size; i++) squares += (logs[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / size) + 1e-3;
  for (let band = 0; band < nMels; band++) {
    for (let frame = 0; frame < patchFrames; frame++) {
      out[band * patchFrames + frame] = (logs[frame * nMels + band]! - mean) / deviation;
    }
  }
}

function largestOf(values: Float32Array): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}

function toLogs(energies: Float32Array, scale = 1): Float32Array {
  const logs = new Float32Array(energies.length);
  for (let i = 0; i < logs.length; i++) logs[i] = Math.log(energies[i]! * scale + 1e-5);
  return logs;
}
