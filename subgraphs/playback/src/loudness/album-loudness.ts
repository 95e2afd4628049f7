/** What of a track counts for the loudness of an album. */
export interface Measured {
  /** EBU R 128, of the whole track; null for silence. */
  readonly loudnessLufs: number | null;
  readonly truePeakDbtp: number | null;
  readonly durationMs: number;
}

/** ITU-R BS.1770-4's relative gate: what is so much below the rest is not what is heard as loud. */
const GATE_LU = 10;

/**
 * Loudness of an album as if it were one piece: the mean of its tracks' energies by their lengths, less the tracks below
 * the relative gate. BS.1770 gates blocks of 0.4 s, of which nothing is kept: so a quiet passage of a loud track weighs
 * as much as its loud ones here. Null for silence.
 */
export function albumLoudness(tracks: readonly Measured[]): number | null {
  const heard = tracks.flatMap(({ loudnessLufs, durationMs }) =>
    loudnessLufs === null || durationMs === 0 ? [] : [{ loudnessLufs, durationMs }],
  );
  const ungated = meanOf(heard);
  if (ungated === null) return null;
  return meanOf(heard.filter(({ loudnessLufs }) => loudnessLufs >= ungated - GATE_LU));
}

/** Of all tracks; null where none was measured. */
export function albumPeak(tracks: readonly Measured[]): number | null {
  const peaks = tracks.flatMap(({ truePeakDbtp }) => (truePeakDbtp === null ? [] : [truePeakDbtp]));
  return peaks.length === 0 ? null : Math.max(...peaks);
}

function meanOf(
  tracks: readonly { readonly loudnessLufs: number; readonly durationMs: number }[],
): number | null {
  const whole = tracks.reduce((sum, { durationMs }) => sum + durationMs, 0);
  if (whole === 0) return null;
  const energy = tracks.reduce(
    (sum, { loudnessLufs, durationMs }) => sum + durationMs * 10 ** (loudnessLufs / 10),
    0,
  );
  return 10 * Math.log10(energy / whole);
}
