import type { Axes } from './principal-axes.ts';

/** So many standard deviations along the first axis are the border of the map. */
const BORDER = 3;

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a vector is on the map, −1 to 1 each way. */
export function placeOf({ mean, first, second, spread }: Axes, vector: Float32Array): Place {
  let [x, y] = [0, 0];
  for (const [at, value] of vector.entries()) {
    const off = value - (mean[at] ?? 0);
    x += off * (first[at] ?? 0);
    y += off * (second[at] ?? 0);
  }
  return { x: toBorder(x, spread), y: toBorder(y, spread) };
}

function toBorder(value: number, spread: number): number {
  return spread === 0 ? 0 : Math.min(1, Math.max(-1, value / (BORDER * spread)));
}
