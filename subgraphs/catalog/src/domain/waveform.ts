const LOUDEST = 255;
const MAX_POINTS = 2000;

/** So many slices of the stored peaks, from 1 to 2,000; null before there are any. */
export function waveformOf(sound: { readonly peaks: Uint8Array | null } | null, points: number) {
  if (!sound?.peaks) return null;
  return { peaks: resamplePeaks(sound.peaks, Math.min(MAX_POINTS, Math.max(1, points))) };
}

/** Equal slices, each its largest peak, 0–1; never more slices than are stored. */
function resamplePeaks(peaks: Uint8Array, points: number): number[] {
  const count = Math.min(peaks.length, points);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * peaks.length) / count);
    const to = Math.floor(((index + 1) * peaks.length) / count);
    return Math.round((Math.max(...peaks.subarray(from, to)) / LOUDEST) * 1000) / 1000;
  });
}
