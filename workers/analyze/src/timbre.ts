import { createMelBank, type MelSettings } from './mel.ts';
import { type Part, PartError } from './part.ts';

export interface Timbre {
  /** Level of the mean power of the frames that are no silence, dB relative to a full-scale square wave. */
  readonly levelDb: number;
  /** How far that is above the mean of the frames' own levels, in dB: large where quiet and loud take turns. */
  readonly swingDb: number;
  /** Mean frequency, weighed by energy, on a logarithmic scale: 0 at 200 Hz, 1 at 4 kHz. */
  readonly brightness: number;
  /** How much the spectrum grows from frame to frame, in dB a band. */
  readonly flux: number;
  /** Notes and strokes that begin, a second. */
  readonly onsets: number;
  /** How long there is anything to hear. */
  readonly seconds: number;
}

const SILENCE_DB = -60;
/** An onset is the highest growth within 60 ms either way, and so far above the mean of the second around it. */
const ONSET_SECONDS = 0.06;
const ONSET_RISE = 0.1;

/** Sums up how loud, how bright and how busy a track is. */
export function openTimbre(settings: MelSettings): Part<Timbre> {
  const { nMels, nFft } = settings;
  const heights = createMelBank(settings).map(({ first, weights }) =>
    Math.log(((first + weights.length / 2) * settings.sampleRate) / nFft),
  );
  const before = new Float64Array(nMels);
  const loudnessBefore = new Float64Array(nMels);
  const growths: number[] = [];
  let [frameCount, power, levels, brightness, flux] = [0, 0, 0, 0, 0];

  function hearFrame(energies: Float32Array): void {
    let [total, weighed, growth, onset] = [0, 0, 0, 0];
    for (let band = 0; band < nMels; band++) {
      const energy = energies[band]!;
      total += energy;
      weighed += energy * heights[band]!;
      const db = 10 * Math.log10(energy + 1e-5);
      growth += Math.max(0, db - before[band]!);
      before[band] = db;
      const loudness = Math.log(1 + 100 * Math.sqrt(energy));
      onset += Math.max(0, loudness - loudnessBefore[band]!);
      loudnessBefore[band] = loudness;
    }
    growths.push(growths.length === 0 ? 0 : onset / nMels);
    // 0.375 is the mean square of the Hann window
    const framePower = (2 * total) / (nFft * nFft * 0.375);
    const level = 10 * Math.log10(framePower + 1e-10);
    if (level < SILENCE_DB) return;
    frameCount++;
    power += framePower;
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
      const framesPerSecond = settings.sampleRate / settings.hop;
      const levelDb = 10 * Math.log10(power / frameCount);
      return {
        levelDb,
        swingDb: levelDb - levels / frameCount,
        brightness: brightness / frameCount,
        flux: flux / frameCount,
        seconds: frameCount / framesPerSecond,
        onsets: (countOnsets(growths, framesPerSecond) * framesPerSecond) / frameCount,
      };
    },
  };
}

function countOnsets(growths: readonly number[], framesPerSecond: number): number {
  const near = Math.round(ONSET_SECONDS * framesPerSecond);
  const around = Math.round(framesPerSecond / 2);
  return growths.filter((growth, at) => {
    if (growth < ONSET_RISE || growth < Math.max(...growths.slice(Math.max(0, at - near), at + near + 1)))
      return false;
    const second = growths.slice(Math.max(0, at - around), at + around);
    return growth > second.reduce((sum, value) => sum + value, 0) / second.length + ONSET_RISE;
  }).length;
}
