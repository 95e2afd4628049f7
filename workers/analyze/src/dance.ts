import type { Tempo } from './tempo.ts';

/** The pulses of the weakest and of the strongest beat among the scores and songs of `npm run evaluate`. */
const [WEAK_PULSE, STRONG_PULSE] = [0.1, 0.75];
/** Where people walk and dance (Moelants, *Preferred tempo reconsidered*, 2002). */
const DANCE_BPM = 120;
const DANCE_OCTAVES = 0.8;

/**
 * How well one can dance to it, 0–1: the strength of the beat in the onsets' autocorrelation (after the beat
 * histogram of Tzanetakis & Cook, 2002), times how steady it is, times how near its tempo is to that of steps.
 * Nobody's judgement is in it. 0 where there is no beat.
 */
export function findDanceability(tempo: Pick<Tempo, 'bpm' | 'pulse' | 'steadiness'> | null): number {
  if (!tempo) return 0;
  const strength = Math.min(1, Math.max(0, (tempo.pulse - WEAK_PULSE) / (STRONG_PULSE - WEAK_PULSE)));
  const walk = Math.exp(-0.5 * (Math.log2(tempo.bpm / DANCE_BPM) / DANCE_OCTAVES) ** 2);
  return Math.round(strength * tempo.steadiness * walk * 1000) / 1000;
}
