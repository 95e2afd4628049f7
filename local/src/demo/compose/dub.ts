import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createCymbal, createKick, createRim, createSnare } from '../synth/drums.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, HANDS, part, TIGHT } from './arrange.ts';
import { comp, harmonise } from './harmony.ts';
import { beat, shift, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

/** Dub: one drop, a bass that carries the song, everything else appears, echoes and goes. */
export function composeLowTide(bpm: number): Score {
  const chords = harmonise('Am:4 Am Dm7 Em7 Am Am Dm7 Em7 Am Fmaj7 Dm7 Em7 Am Am', {
    low: 57,
    high: 74,
    voices: 3,
  });
  const riff = tune(
    'A1:.75 A1:.25 -:.5 C2 E2:.5 -:.5 D2:.5 C2 | A1:.75 G1:.25 -:.5 A1 -:.5 E1:.5 G1:.5 G#1',
    { velocity: 0.85, legato: 0.9 },
  );
  const turn = tune(
    'D2:.75 D2:.25 -:.5 F2 A2:.5 -:.5 F2:.5 D2 | E2:.75 E2:.25 -:.5 G2 B2:.5 -:.5 G2:.5 G#1',
    { velocity: 0.85, legato: 0.9 },
  );
  const chorusBass = tune(
    'A1:.75 A1:.25 -:.5 C2 E2:.5 -:.5 D2:.5 C2 | F1:.75 F1:.25 -:.5 A1 C2:.5 -:.5 A1:.5 C2',
    { velocity: 0.85, legato: 0.9 },
  );
  const bass = [
    ...riff,
    ...shift(turn, 8),
    ...shift(riff, 16),
    ...shift(turn, 24),
    ...shift(chorusBass, 32),
    ...shift(turn, 40),
    ...shift(riff, 48),
  ];
  const melodica = createAnalog({
    wave: 'reed',
    cutoff: 1900,
    noise: 0.03,
    resonance: 0.2,
    bend: { hertz: 4.6, cents: 20, delay: 0.25, slide: -0.5, slideSeconds: 0.06 },
    envelope: { attack: 0.04, decay: 0.4, sustain: 0.8, release: 0.12 },
  });
  const song = tune(
    `-:.5 E5 A5 C6 B5:1 A5:.5 E5 | G5:1.5 E5:.5 -:2 | -:.5 F5 A5 D6 C6:1 A5:.5 F5 | G5:.75 F#5:.25 E5:1 -:2 |
     C6:1 B5:.5 A5 E5:1 -:1 | -:.5 A5 C6 E6 F6:1 E6:.5 C6 | D6:1.5 C6:.5 A5:1 F5 | E5:.5 G5 B5 D6 B5:2`,
    { at: 16, velocity: 0.72 },
  );
  const organ = createAnalog({
    wave: 'organ',
    cutoff: 1700,
    envelope: { attack: 0.004, decay: 0.2, sustain: 0.7, release: 0.05 },
  });
  return arrange(
    {
      bpm,
      bars: 14,
      lufs: -14,
      swing: 0.14,
      swingUnit: 0.25,
      reverb: { seconds: 3, damping: 0.3 },
      delay: { beats: 0.75, feedback: 0.66, lowpass: 1900 },
      fadeOut: 4,
      tail: 3,
    },
    [
      part(
        'bass',
        createAnalog({
          wave: 'triangle',
          sub: 0.5,
          cutoff: 330,
          resonance: 0.15,
          touch: 0.5,
          envelope: { attack: 0.008, decay: 0.8, sustain: 0.7, release: 0.07 },
        }),
        bass,
        {
          gain: -8,
          drive: 0.5,
          fade: [
            [0, 1],
            [40, 1],
            [48, 1],
            [56, 0.8],
          ],
        },
        { timing: 0.006, velocity: 0.06 },
      ),
      part(
        'kick',
        createKick({ tune: 50, seconds: 0.3, click: 0.3 }),
        beat('........X.......', { at: 4, bars: 13 }),
        { gain: -7.5, reverb: 0.05 },
        TIGHT,
      ),
      part(
        'rim',
        createRim({ tune: 1250, seconds: 0.05 }),
        [
          ...beat('........X.......', { at: 4, bars: 13 }),
          ...beat('...........x..x.', { at: 12, bars: 1 }),
          ...beat('......x..x..x...', { at: 44 }),
        ],
        {
          gain: -12,
          reverb: 0.35,
          delay: [
            [0, 0],
            [11, 0],
            [12, 0.9],
            [16, 0.1],
            [43, 0.1],
            [44, 1],
            [48, 0.5],
          ],
        },
        TIGHT,
      ),
      part(
        'snare',
        createSnare({ tune: 190, seconds: 0.2 }),
        [
          ...beat('X', { at: 15.5 }),
          ...beat('X', { at: 31.75 }),
          ...beat('X..X', { at: 47 }),
          ...beat('X', { at: 55.5 }),
        ],
        { gain: -12, delay: 0.9, reverb: 0.7 },
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.05, tone: 0.3, bright: 7800 }),
        beat('x.o,x.o.x.o,x.oo', { at: 0, bars: 14 }),
        { gain: -21, pan: 0.3, delay: 0.06 },
        HANDS,
      ),
      part(
        'guitar',
        orchestra.steelGuitar(),
        comp(chords, '..X...X...X...X.', { length: 0.13, velocity: 0.8, strum: 0.015 }),
        {
          gain: -7,
          pan: -0.35,
          highpass: 350,
          reverb: 0.25,
          delay: [
            [0, 0.05],
            [12, 0.05],
            [14, 0.8],
            [16, 0.05],
            [28, 0.05],
            [31, 0.9],
            [32, 0],
            [46, 0.1],
            [48, 0.9],
            [56, 0.9],
          ],
          fade: [
            [0, 1],
            [32, 1],
            [32.1, 0.15],
            [40, 0.15],
            [40.1, 1],
          ],
        },
        TIGHT,
      ),
      part(
        'bubble',
        organ,
        comp(chords, '..xo ..xo ..xo ..xo', { length: 0.18, velocity: 0.6 }),
        {
          gain: -14,
          pan: 0.3,
          highpass: 200,
          chorus: 0.5,
          reverb: 0.2,
          fade: [
            [0, 0],
            [8, 0],
            [8.1, 1],
            [48, 1],
            [52, 0],
          ],
        },
        HANDS,
      ),
      part(
        'melodica',
        melodica,
        song,
        { gain: -10, pan: 0.08, reverb: 0.4, delay: 0.5 },
        { timing: 0.02, velocity: 0.1 },
      ),
      part(
        'wave',
        createWind({ octaves: 0.8, rate: 0.23, resonance: 0.2 }),
        [
          { at: 0, beats: 12, pitch: 80, velocity: 0.7 },
          { at: 46, beats: 8, pitch: 80, velocity: 0.7 },
        ],
        { gain: -29, width: 0.9, reverb: 0.3 },
      ),
    ],
  );
}
