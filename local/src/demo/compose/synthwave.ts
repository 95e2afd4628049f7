import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createCymbal, createKick, createSnare, createTom } from '../synth/drums.ts';
import { arrange, part, TIGHT } from './arrange.ts';
import { arpeggiate, bassline, harmonise, hold } from './harmony.ts';
import { beat, repeat, shift, touch, tune } from './notation.ts';

const superSaw = (cutoff: number, attack = 0.03) =>
  createAnalog({
    wave: 'saw',
    unison: 3,
    cents: 28,
    cutoff,
    touch: 0.4,
    envelope: { attack, decay: 0.8, sustain: 0.75, release: 0.5 },
  });

const lead = () =>
  createAnalog({
    wave: 'saw',
    unison: 2,
    cents: 10,
    cutoff: 3200,
    resonance: 0.35,
    sweep: 0.8,
    sweepSeconds: 0.4,
    bend: { hertz: 5.6, cents: 16, delay: 0.2, slide: -1, slideSeconds: 0.05 },
    envelope: { attack: 0.01, decay: 0.5, sustain: 0.7, release: 0.25 },
  });

const bass = (sweep: number) =>
  createAnalog({
    wave: 'saw',
    unison: 2,
    cents: 8,
    sub: 0.5,
    cutoff: 420,
    resonance: 0.35,
    sweep,
    sweepSeconds: 0.14,
    envelope: { attack: 0.003, decay: 0.2, sustain: 0.6, release: 0.06 },
  });

const drums = (pattern: string, bars = 16) => beat(pattern, { at: 16, bars });

/** Outrun at a drive: octave bass in eighths, gated snare, an arpeggio that opens, a lead with an answer. */
export function composeChromeSunrise(bpm: number): Score {
  const chords = harmonise('Em C G D Em C Am B7 Em C G D Am C D Em Em C G D', {
    low: 55,
    high: 76,
    voices: 4,
  });
  const theme = tune(
    `B4:1.5 E5 D5:1 | G5:1.5 F#5:.5 E5:1 C5 | B4:1.5 D5:.5 G5:1.5 F#5:.5 | F#5:1 D5 A4:2 |
     B4:1.5 E5 D5:1 | G5:1.5 A5:.5 G5:1 E5 | C6:1.5 B5:.5 A5:1 E5 | D#5:2 F#5:1 B5`,
    { at: 16, velocity: 0.75 },
  );
  const climax = tune(
    `E6!:1.5 D6:.5 B5:1 G5 | C6:1.5 B5:.5 G5:1 E5 | D6:1.5 B5:.5 G5:1 B5 | A5:2 F#5:1 D5 |
     C6!:1.5 B5:.5 A5:1 C6 | E6:1.5 D6:.5 C6:1 G5 | F#5:.5 G5 A5 B5 D6:1 F#6 | E6:4`,
    { at: 48, velocity: 0.78 },
  );
  return arrange(
    {
      bpm,
      bars: 20,
      lufs: -12.5,
      reverb: { seconds: 2.2, damping: 0.3 },
      delay: { beats: 0.75, feedback: 0.45, lowpass: 4200 },
      ducking: Array.from({ length: 64 }, (_, i) => 16 + i),
      fadeOut: 3.5,
      tail: 2,
    },
    [
      part('kick', createKick({ tune: 47, seconds: 0.3, click: 0.7 }), drums('X...X...X...X...'), {
        gain: -6.5,
      }),
      part(
        'snare',
        createSnare({ tune: 175, seconds: 0.34, wires: 0.85 }),
        [...drums('....X.......X...', 15), ...beat('....X...x.o.XxXx', { at: 76 })],
        { gain: -9.5, reverb: 0.5 },
        TIGHT,
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.05, tone: 0.35 }),
        drums('o.x.o.x.o.x.o.xo'),
        { gain: -22, pan: 0.25 },
        TIGHT,
      ),
      part(
        'crash',
        createCymbal({ seconds: 1.6, tone: 0.4, bright: 4500, size: 1.3 }),
        beat('X', { at: 16, bars: 3, step: 16 }).concat(beat('X', { at: 48 })),
        { gain: -20, width: 0.5, reverb: 0.4 },
      ),
      part(
        'toms',
        createTom({ tune: 96, seconds: 0.4 }),
        repeat(beat('........|....x.x.', { at: 44 }), 2, 32),
        { gain: -11, pan: -0.3, reverb: 0.5 },
      ),
      part(
        'bass',
        bass(1.6),
        bassline(chords, 'rrRrrrRr', { low: 28, length: 0.42 }),
        {
          gain: -9,
          duck: 0.55,
          drive: 0.7,
          lowpass: [
            [0, 300],
            [16, 1400],
            [80, 2400],
          ],
        },
        TIGHT,
      ),
      part('pad', superSaw(1600, 0.3), hold(chords, { velocity: 0.55 }), {
        gain: -22,
        width: 0.85,
        duck: 0.65,
        chorus: 0.5,
        highpass: 220,
        reverb: 0.5,
        lowpass: [
          [0, 700],
          [16, 1800],
          [48, 5200],
          [80, 1500],
        ],
      }),
      part(
        'arpeggio',
        bass(2.4),
        arpeggiate(chords, '0123 4321 0213 4354', { length: 0.2, velocity: 0.6 }),
        {
          gain: -19,
          pan: -0.35,
          highpass: 300,
          delay: 0.35,
          duck: 0.4,
          lowpass: [
            [0, 600],
            [16, 3000],
            [48, 9000],
            [72, 4000],
            [80, 700],
          ],
        },
        TIGHT,
      ),
      part(
        'lead',
        lead(),
        [...theme, ...climax],
        { gain: -14.5, pan: 0.08, drive: 0.5, delay: 0.4, reverb: 0.3 },
        { timing: 0.006, velocity: 0.08 },
      ),
      part('answer', lead(), touch(shift(theme, 0, -12), 0.8), {
        gain: -20,
        pan: -0.25,
        chorus: 0.6,
        reverb: 0.4,
        fade: [
          [31, 0],
          [32, 1],
        ],
      }),
    ],
  );
}
