export interface Loudness {
  readonly loudnessLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly truePeakDbtp: number | null;
}

/** EBU R128 gates at −70 LUFS: ffmpeg prints this for silence and for less than 400 ms. */
const GATE_LUFS = -70;

/** Reads ebur128's summary; ffmpeg prints one before the first sample as well, so the last one counts. */
export function readLoudness(log: string): Loudness {
  const summary = log.slice(log.lastIndexOf('Summary:'));
  const lufs = readNumber(summary, /\bI:\s+(-?[\d.]+|-?inf|nan) LUFS/);
  const measured = lufs !== null && lufs > GATE_LUFS;
  return {
    loudnessLufs: measured ? lufs : null,
    loudnessRangeLu: measured ? readNumber(summary, /\bLRA:\s+(-?[\d.]+|-?inf|nan) LU/) : null,
    truePeakDbtp: readNumber(summary, /\bPeak:\s+(-?[\d.]+|-?inf|nan) dBFS/),
  };
}

function readNumber(text: string, pattern: RegExp): number | null {
  const value = Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
