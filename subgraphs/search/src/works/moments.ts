/** Pitch classes that are heard in a moment. */
export const PITCHES = 12;

/**
 * The moments of a file of pitch classes as vectors of unit length about their mean, so that the dot product of two is
 * a correlation; zeros where nothing sounds. Neighbours so many moments either way are added up.
 */
export function toMoments(chroma: Uint8Array, smoothing: number): Float32Array {
  const count = Math.floor(chroma.length / PITCHES);
  // the square root keeps a loud bass from being all that is heard
  const roots = Float32Array.from(chroma, (value) => Math.sqrt(value / 255));
  const moments = new Float32Array(count * PITCHES);
  for (let moment = 0; moment < count; moment++) {
    const row = moments.subarray(moment * PITCHES, (moment + 1) * PITCHES);
    for (let apart = -smoothing; apart <= smoothing; apart++) {
      const from = Math.min(count - 1, Math.max(0, moment + apart)) * PITCHES;
      for (let pitch = 0; pitch < PITCHES; pitch++) row[pitch]! += roots[from + pitch]!;
    }
    centre(row);
  }
  return moments;
}

function centre(row: Float32Array): void {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  for (let i = 0; i < row.length; i++) row[i]! -= mean;
  const length = Math.hypot(...row);
  for (let i = 0; i < row.length; i++) row[i] = length > 1e-6 ? row[i]! / length : 0;
}
