import { createMelBank, type MelSettings } from './mel.ts';
import { type Part, PartError } from './part.ts';

export interface Timbre {
  /** Mean level of the frames that are no silence, dB relative to a full-scale square wave. */
  readonly levelDb: number;
  /** Mean frequency, weighed by energy, on a logarithmic scale: 0 at 200 Hz, 1 at 4 kHz. */
  readonly brightness: number;
  /** How much the spectrum grows from frame to frame, in dB a band. */
  readonly flux: number;
}

const SILENCE_DB = -60;

/** Sums up how loud, how bright and how busy a track is. */
export function openTimbre(settings: MelSettings): Part<Timbre> {
  const { nMels, nFft } = settings;
  const centres = createMelBank(settings).map(
    ({ first, weights }) => ((first + weights.length / 2) * settings.sampleRate) / nFft,
  );
  const before = new Float64Array(nMels);
  let [frameCount, levels, brightness, flux] = [0, 0, 0, 0];

  function hearFrame(energies: Float32Array): void {
    let [total, weighed, growth] = [0, 0, 0];
    for (let band = 0; band < nMels; band++) {
      const energy = energies[band]!;
      total += energy;
      weighed += energy * Math.log(centres[band]!);
      const db = 10 * Math.log10(energy + 1e-5);
      growth += Math.max(0, db - before[band]!);
      before[band] = db;
    }
    // 0.375 is the mean square of the Hann window
    const level = 10 * Math.log10((2 * total) / (nFft * nFft * 0.375) + 1e-10);
    if (level < SILENCE_DB) return;
    frameCount++;
    levels += level;
    brightness += (weighed / total - Math.log(200)) / Math.log(4_000 / 200);
    flux += growth / nMels;
  }

  return {
    settings,
    async hear({ count, energies }) {
      for (let frame = 0; frame < count; frame++)
        hearFrame(energies.subarray(frame * nMels, (frame + 1) * nMels));
    },
    async conclude() {
      if (frameCount === 0) throw new PartError('SILENT', 'there is nothing to hear');
      return { levelDb: levels / frameCount, brightness: brightness / frameCount, flux: flux / frameCount };
    },
  };
}
