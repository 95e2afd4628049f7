import { createMelBank, sumBands } from './mel.ts';
import { powerSpectrumOf } from './power-spectrum.ts';

const SETTINGS = { sampleRate: 16_000, nFft: 1024, hop: 160, nMels: 40, fMin: 30, fMax: 7_600 };

/** Onset values a second. */
export const ONSET_RATE = SETTINGS.sampleRate / SETTINGS.hop;

/** How much louder the bands have become with each frame, above the mean of the second around it. */
export function findOnsets(samples: Float32Array): Float64Array {
  const { nFft, hop, nMels } = SETTINGS;
  const bank = createMelBank(SETTINGS);
  const powerOf = powerSpectrumOf(nFft);
  const power = new Float32Array(nFft / 2 + 1);
  const energies = new Float64Array(nMels);
  const before = new Float64Array(nMels);
  const flux = new Float64Array(Math.max(0, Math.floor((samples.length - nFft) / hop) + 1));
  for (let frame = 0; frame < flux.length; frame++) {
    powerOf(samples, frame * hop, power);
    sumBands(bank, power, energies);
    const growth = growLoudness(energies, before);
    // what there is at the beginning has not grown
    if (frame > 0) flux[frame] = growth;
  }
  return aboveTrend(flux, ONSET_RATE / 2);
}

/** By how much the bands are louder than they were; keeps how loud they are. */
function growLoudness(energies: Float64Array, before: Float64Array): number {
  let growth = 0;
  for (let band = 0; band < energies.length; band++) {
    const loudness = Math.log(1 + 100 * Math.sqrt(energies[band]!));
    growth += Math.max(0, loudness - before[band]!);
    before[band] = loudness;
  }
  return growth;
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
