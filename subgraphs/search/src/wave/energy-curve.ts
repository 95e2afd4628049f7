import type { EnergyCurve } from './state.ts';

/** After so many picks a curve is at its end, and stays there. */
const LENGTH = 20;
const [LOW, HIGH] = [0.25, 0.85];
/** What a track that nobody knows the energy of is off by. */
const UNKNOWN = 0.35;

/** How far a track is from the energy that the curve has at a pick, 0 to 1; `index` counts picks since it began. */
export function curveMisfit(curve: EnergyCurve, index: number, energy: number | null): number {
  if (curve === 'FLAT') return 0;
  return energy === null
    ? UNKNOWN
    : Math.abs(energy - TARGETS[curve](Math.min(1, Math.max(0, index) / LENGTH)));
}

const TARGETS: Readonly<Record<Exclude<EnergyCurve, 'FLAT'>, (done: number) => number>> = {
  RISE: (done) => LOW + (HIGH - LOW) * done,
  FALL: (done) => HIGH - (HIGH - LOW) * done,
  ARC: (done) => LOW + (HIGH - LOW) * Math.sin(Math.PI * done),
};
