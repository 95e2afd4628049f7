import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createCymbal, createKick, createShaker, createSnare, createTom } from '../synth/drums.ts';
import { arrange, part, TIGHT } from './arrange.ts';
import { comp, harmonise, hold, cycle } from './harmony.ts';
import { beat, repeat, shift, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

/** A break of two bars in its three voices, the second bar chopped. */
const BREAK = {
  kick: 'x.x.......xx....|x.x.......x....x',
  snare: '....X..,.,..X..,|....X..,.,....X.',
  ride: 'x.x.x.x.x.x.x.x.|x.x.x.x.x.x.x.xo',
};

const CHOPPED = { kick: 'x..x..x...x.x...|x.x...x...xx....', snare: '..,.X.,X.,..X.,.|....X..X.x.XX.XX' };

const play = (pattern: string, from: number, times: number) => beat(pattern, { at: from, bars: times });

/** Jungle: a broken break, a bass that growls, a stab from the rave, half a minute without a rest. */
export function composeRewind(bpm: number): Score {
  const reese = createAnalog({
    wave: 'saw',
    unison: 3,
    cents: 46,
    sub: 0.7,
    cutoff: 380,
    resonance: 0.3,
    sweep: 0.8,
    sweepSeconds: 0.5,
    envelope: { attack: 0.006, decay: 0.6, sustain: 0.8, release: 0.06 },
  });
  const bassA = tune(
    'G1:1.5 G1:.5 -:.5 Bb1 F1:1 | G1:2.5 D2:.5 C2:.5 Bb1 | Eb1:1.5 Eb1:.5 -:.5 G1 Bb1:1 | F1:1.5 A1:.5 C2:1 F#1:1',
    { velocity: 0.8 },
  );
  const chords = harmonise('Gm9:8 Ebmaj9:4 F6', { low: 58, high: 77, voices: 4 });
  const stab = createAnalog({
    wave: 'saw',
    unison: 3,
    cents: 14,
    cutoff: 1500,
    resonance: 0.3,
    sweep: 1.6,
    sweepSeconds: 0.16,
    envelope: { attack: 0.003, decay: 0.22, sustain: 0.2, release: 0.16 },
  });
  const vocalish = tune('-:2 D6:.5 C6 Bb5 G5 | -:4 | -:2 Bb5:.5 C6 D6 F6 | D6:1.5 C6:.5 A5:2', {
    velocity: 0.7,
  });
  const kicks = [...play(BREAK.kick, 16, 4), ...play(CHOPPED.kick, 48, 2), ...play(BREAK.kick, 80, 4)];
  const snares = [
    ...play(BREAK.snare, 16, 3),
    ...play(CHOPPED.snare, 40, 3),
    ...play(BREAK.snare, 80, 3),
    ...play(CHOPPED.snare, 104, 1),
  ];
  return arrange(
    {
      bpm,
      bars: 28,
      lufs: -11.5,
      swing: 0.06,
      swingUnit: 0.25,
      reverb: { seconds: 1.9, damping: 0.35 },
      delay: { beats: 0.75, feedback: 0.5, lowpass: 3200 },
      ducking: kicks.filter(({ velocity }) => velocity > 0.7).map(({ at }) => at),
      fadeOut: 2.5,
      tail: 2,
    },
    [
      part(
        'kick',
        createKick({ tune: 56, seconds: 0.2, click: 0.8, drive: 1.8 }),
        kicks,
        { gain: -7, drive: 0.6 },
        TIGHT,
      ),
      part(
        'snare',
        createSnare({ tune: 215, seconds: 0.17, wires: 0.8 }),
        snares,
        { gain: -7, drive: 0.7, reverb: 0.14 },
        { timing: 0.004, velocity: 0.12 },
      ),
      part(
        'ride',
        createCymbal({ seconds: 0.16, tone: 0.4, bright: 6000, size: 1.1 }),
        [...play(BREAK.ride, 16, 6), ...play(BREAK.ride, 80, 4)],
        { gain: -16, pan: 0.2, drive: 0.5 },
        { timing: 0.004, velocity: 0.2 },
      ),
      part(
        'tops',
        createShaker({ seconds: 0.04 }),
        play('o.x.o.xoo.x.o.xo', 0, 28),
        {
          gain: -20,
          pan: -0.4,
          lowpass: [
            [0, 2500],
            [15, 9000],
            [112, 9000],
          ],
        },
        TIGHT,
      ),
      part(
        'bass',
        reese,
        shift(repeat(bassA, 6, 16), 16).filter(({ at }) => at < 64 || at >= 80),
        {
          gain: -11.5,
          duck: 0.35,
          drive: 1.1,
          lowpass: [
            [16, 500],
            [46, 1600],
            [64, 400],
            [80, 900],
            [110, 2600],
          ],
        },
        TIGHT,
      ),
      part(
        'stab',
        stab,
        repeat(
          comp(chords, 'x..x....|....x...|x..x..x.|........', { step: 0.5, length: 0.3, velocity: 0.75 }),
          7,
          16,
        ),
        {
          gain: -12.5,
          pan: 0.15,
          highpass: 250,
          delay: 0.4,
          reverb: 0.35,
          lowpass: [
            [0, 600],
            [16, 3500],
            [64, 1200],
            [79, 7000],
            [112, 2500],
          ],
        },
        TIGHT,
      ),
      part('pad', orchestra.warmPad(1400), hold(cycle(chords, 7), { velocity: 0.5 }), {
        gain: -21,
        width: 0.9,
        highpass: 250,
        reverb: 0.5,
        fade: [
          [0, 2.6],
          [16, 0.6],
          [60, 0.6],
          [66, 1.6],
          [80, 0.6],
        ],
      }),
      part('call', orchestra.glassBell(), shift(repeat(vocalish, 4, 16), 32), {
        gain: -13,
        pan: -0.2,
        delay: 0.6,
        reverb: 0.5,
      }),
      part(
        'tom',
        createTom({ tune: 120, seconds: 0.25 }),
        beat('x.x.xx.xx.xxxxxx', { at: 76 }),
        { gain: -13, pan: 0.3, reverb: 0.4, delay: 0.3 },
        TIGHT,
      ),
    ],
  );
}
