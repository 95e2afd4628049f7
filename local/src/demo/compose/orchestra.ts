import type { Instrument } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createFm } from '../synth/fm.ts';
import { createPiano, createPluck } from '../synth/strings.ts';

const VIBRATO = { hertz: 5.2, cents: 14, delay: 0.25 };

/** The instruments that more than one style plays. */
export const orchestra = {
  grandPiano: () => createPiano({ felt: 0.25 }),
  feltPiano: () => createPiano({ felt: 0.85, ring: 1.25 }),
  electricPiano: () =>
    createFm(
      [
        { carrier: 1, modulator: 1, index: 1.5, indexSeconds: 1.1, level: 0.6, seconds: 5 },
        { carrier: 1, modulator: 14, index: 0.55, indexSeconds: 0.16, level: 0.25, seconds: 1.2 },
      ],
      { attack: 0.002, decay: 2.5, sustain: 0.25, release: 0.22 },
    ),
  celesta: () =>
    createFm(
      [
        { carrier: 1, modulator: 4, index: 0.8, indexSeconds: 0.25, level: 0.6, seconds: 2.2 },
        { carrier: 3.01, modulator: 7, index: 0.5, indexSeconds: 0.1, level: 0.16, seconds: 0.5 },
      ],
      { attack: 0.001, decay: 2, sustain: 0.3, release: 0.9 },
    ),
  glassBell: () =>
    createFm(
      [
        { carrier: 1, modulator: 3.51, index: 1.3, indexSeconds: 1.4, level: 0.5, seconds: 5 },
        { carrier: 2.003, modulator: 5.4, index: 0.7, indexSeconds: 0.7, level: 0.2, seconds: 2.6 },
      ],
      { attack: 0.003, decay: 4, sustain: 0.35, release: 2.4 },
    ),
  warmPad: (cutoff = 900): Instrument =>
    createAnalog({
      wave: 'saw',
      unison: 2,
      cents: 16,
      cutoff,
      touch: 0.5,
      envelope: { attack: 1.4, decay: 2, sustain: 0.8, release: 2.4 },
    }),
  strings: (attack = 0.35) =>
    createAnalog({
      wave: 'bowed',
      unison: 3,
      cents: 18,
      cutoff: 2300,
      bend: VIBRATO,
      envelope: { attack, decay: 1, sustain: 0.85, release: 0.7 },
    }),
  flute: () =>
    createAnalog({
      wave: 'hollow',
      noise: 0.05,
      cutoff: 2200,
      resonance: 0.1,
      bend: { ...VIBRATO, cents: 18, slide: -0.4, slideSeconds: 0.06 },
      envelope: { attack: 0.07, decay: 0.4, sustain: 0.8, release: 0.18 },
    }),
  subBass: () =>
    createAnalog({
      wave: 'triangle',
      sub: 0.25,
      cutoff: 500,
      envelope: { attack: 0.008, decay: 0.6, sustain: 0.75, release: 0.08 },
    }),
  uprightBass: () =>
    createPluck({
      ring: 2.6,
      brightness: 0.3,
      position: 0.28,
      release: 0.12,
      body: [
        [98, 0.7],
        [190, 0.35],
      ],
    }),
  nylonGuitar: () =>
    createPluck({
      ring: 2.8,
      brightness: 0.42,
      position: 0.3,
      release: 0.3,
      body: [
        [112, 0.5],
        [225, 0.4],
        [410, 0.2],
      ],
    }),
  steelGuitar: () =>
    createPluck({
      ring: 5,
      brightness: 0.72,
      position: 0.18,
      release: 0.35,
      body: [
        [104, 0.5],
        [208, 0.4],
        [390, 0.2],
      ],
    }),
};
