import { SAMPLE_RATE } from './signal.ts';

const BLOCK = 32;

type Response = 'low' | 'band' | 'high';

/** A state-variable filter in place; `cutoff` gives Hz at a sample index, read once a block. */
export function sweepFilter(
  out: Float32Array,
  response: Response,
  resonance: number,
  cutoff: (index: number) => number,
): void {
  const damp = 2 - 1.9 * Math.min(1, resonance);
  const [takeLow, takeBand, takeHigh] = [
    +(response === 'low'),
    response === 'band' ? damp : 0,
    +(response === 'high'),
  ];
  let low = 0;
  let band = 0;
  for (let start = 0; start < out.length; start += BLOCK) {
    const end = Math.min(out.length, start + BLOCK);
    const hertz = Math.min(18_000, Math.max(20, cutoff(start)));
    const g = Math.tan((Math.PI * hertz) / SAMPLE_RATE);
    const a1 = 1 / (1 + g * (g + damp));
    for (let i = start; i < end; i++) {
      const high = (out[i]! - (g + damp) * band - low) * a1;
      const nextBand = g * high + band;
      const nextLow = g * nextBand + low;
      band = g * high + nextBand;
      low = g * nextBand + nextLow;
      out[i] = takeLow * nextLow + takeBand * nextBand + takeHigh * high;
    }
  }
}

export function filter(out: Float32Array, response: Response, hertz: number, resonance = 0.3): void {
  sweepFilter(out, response, resonance, () => hertz);
}

/** Adds the ring of a wooden body: a few resonances of the note itself. */
export function addBody(out: Float32Array, resonances: readonly (readonly [number, number])[]): void {
  const dry = Float32Array.from(out);
  for (const [hertz, level] of resonances) {
    const ring = Float32Array.from(dry);
    filter(ring, 'band', hertz, 0.88);
    for (let i = 0; i < out.length; i++) out[i]! += level * ring[i]!;
  }
}
