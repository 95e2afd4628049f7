import { createMelBank, sumBands } from './mel.ts';
import { createPowerSpectrum, hann } from './power-spectrum.ts';

const SETTINGS = { sampleRate: 16_000, nFft: 1024, hop: 160, nMels: 40, fMin: 30, fMax: 7_600 };

/** Onset values a second. */
export const ONSET_RATE = SETTINGS.sampleRate / SETTINGS.hop;

/** How much louder the bands have become with each frame, above the mean of the second around it. */
export function findOnsets(samples: Float32Array): Float64Array {
  const { nFft, hop, nMels } = SETTINGS;
  const bank = createMelBank(SETTINGS);
  const window = hann(nFft);
  const powerOf = createPowerSpectrum(nFft);
  const windowed = new Float64Array(nFft);
  const power = new Float64Array(nFft / 2 + 1);
  const energies = new Float64Array(nMels);
  const before = new Float64Array(nMels);
  const flux = new Float64Array(Math.max(0, Math.floor((samples.length - nFft) / hop) + 1));
  for (let frame = 0; frame < flux.length; frame++) {
    for (let i = 0; i < nFft; i++) windowed[i] = samples[frame * hop + i]! * window[i]!;
    powerOf(windowed, power);
    sumBands(bank, power, energies);
    for (let band = 0; band < nMels; band++) {
      const loudness = Math.log1p(100 * Math.sqrt(energies[band]!));
      if (frame > 0) flux[frame]! += Math.max(0, loudness - before[band]!);
      before[band] = loudness;
    }
  }
  return aboveTrend(flux, ONSET_RATE / 2);
}

function aboveTrend(values: Float64Array, radius: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) sums[i + 1] = sums[i]! + value;
  return values.map((value, i) => {
    const from = Math.max(0, i - radius);
    const to = Math.min(values.length, i + radius + 1);
    return Math.max(0, value - (sums[to]! - sums[from]!) / (to - from));
  });
}
