/** A score of something that was not trained on, and whether it is what is meant. */
export interface Trial {
  readonly score: number;
  readonly is: boolean;
}

export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

const ROUNDS = 50;
/** So many must be told, so many of them rightly. */
const LEAST_TOLD = 10;
const PRECISION = 0.8;
const LEAST_PROBABILITY = 0.5;

/** A sigmoid over scores, by Newton's method (Platt, *Probabilistic outputs for support vector machines*, 1999). */
export function calibrate(trials: readonly Trial[]): Calibration {
  const positives = trials.filter(({ is }) => is).length;
  // his targets keep the sigmoid from being steeper than so few examples allow
  const [yes, no] = [(positives + 1) / (positives + 2), 1 / (trials.length - positives + 2)];
  let [slope, offset] = [1, 0];
  for (let round = 0; round < ROUNDS; round++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-6, 0, 1e-6];
    for (const { score, is } of trials) {
      const p = 1 / (1 + Math.exp(-(slope * score + offset)));
      const error = p - (is ? yes : no);
      const weight = p * (1 - p);
      g0 += error * score;
      g1 += error;
      h00 += weight * score * score;
      h01 += weight * score;
      h11 += weight;
    }
    const determinant = h00 * h11 - h01 * h01;
    slope -= bounded((h11 * g0 - h01 * g1) / determinant);
    offset -= bounded((h00 * g1 - h01 * g0) / determinant);
  }
  return { slope, offset };
}

/** The least probability from which on enough is told and enough of it right; null where none is. */
export function findThreshold(
  trials: readonly Trial[],
  { slope, offset }: Calibration,
): { tellsFrom: number; precision: number; recall: number } | null {
  const sorted = trials
    .map(({ score, is }) => ({ is, p: 1 / (1 + Math.exp(-(slope * score + offset))) }))
    .filter(({ p }) => p >= LEAST_PROBABILITY)
    .toSorted((a, b) => b.p - a.p);
  const positives = trials.filter(({ is }) => is).length;
  let best: { tellsFrom: number; precision: number; recall: number } | null = null;
  let right = 0;
  for (const [i, { is, p }] of sorted.entries()) {
    right += Number(is);
    const told = i + 1;
    if (told >= LEAST_TOLD && right / told >= PRECISION)
      best = { tellsFrom: p, precision: right / told, recall: right / positives };
  }
  return best;
}

const bounded = (step: number): number => Math.min(5, Math.max(-5, Number.isFinite(step) ? step : 0));
