import type { Score } from '../score.ts';
import { createCymbal, createKick, createShaker, createSnare } from '../synth/drums.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, HANDS, part, TIGHT } from './arrange.ts';
import { arpeggiate, bassline, harmonise, hold, cycle } from './harmony.ts';
import { beat, between, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const bars = (pattern: string, from: number, to: number, velocity = 1) =>
  beat(pattern, { at: from * 4, bars: to - from, velocity });

/** Liquid: the same speed with its shoulders down; long chords, a rolling two-step, a piano that floats. */
export function composeLiquidMaps(bpm: number): Score {
  const round = harmonise('Dbmaj9:8 Ab/C Bbm9 Gbmaj9', { low: 56, high: 75, voices: 4 });
  const chords = cycle(round, 4).filter(({ at }) => at < 112);
  const melody = tune(
    `F5:3 Ab5:1 C6:3 Bb5:1 | Ab5:4 Eb5:3 F5:1 | Db6:3 C6:1 Ab5:2 F5 | Bb5:4 Ab5:2 F5:1 Eb5 |
     F5:3 Ab5:1 C6:2 Eb6 | Eb6:3 C6:1 Ab5:2 Bb5 | Db6:2 F6 Eb6:2 C6 | Bb5:3 Ab5:1 F5:4`,
    { at: 32, velocity: 0.66, legato: 1.05 },
  );
  const kicks = bars('X.........x.....', 8, 27);
  return arrange(
    {
      bpm,
      bars: 28,
      lufs: -13,
      reverb: { seconds: 3, damping: 0.3 },
      delay: { beats: 1.5, feedback: 0.45, lowpass: 3600 },
      ducking: kicks.map(({ at }) => at),
      fadeIn: 0.4,
      fadeOut: 4,
      tail: 3,
    },
    [
      part('kick', createKick({ tune: 52, seconds: 0.24, click: 0.6 }), kicks, { gain: -7 }, TIGHT),
      part(
        'snare',
        createSnare({ tune: 195, seconds: 0.2, wires: 0.7 }),
        [
          ...bars('....X..,.,..X...', 8, 15),
          ...bars('....X..,.,..X.ox', 15, 16),
          ...bars('....X..,.,..X..,', 16, 26),
        ],
        { gain: -9, reverb: 0.22 },
        TIGHT,
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.045, tone: 0.3, bright: 8200 }),
        bars('o,xo o,xo o,xo o,xo', 4, 27),
        { gain: -21, pan: 0.25 },
        { timing: 0.003, velocity: 0.18 },
      ),
      part(
        'shaker',
        createShaker({ seconds: 0.05 }),
        bars('x.o.x.o.x.o.x.oo', 12, 26, 0.8),
        { gain: -24, pan: -0.35 },
        TIGHT,
      ),
      part(
        'sub',
        orchestra.subBass(),
        bassline(
          chords.filter(({ at }) => at >= 32),
          'r....r..r..f..n.',
          { low: 29, step: 0.5, length: 1.3, velocity: 0.8 },
        ),
        { gain: -8.5, duck: 0.4, drive: 0.4 },
        TIGHT,
      ),
      part('pad', orchestra.warmPad(1700), hold(chords, { velocity: 0.55 }), {
        gain: -20,
        width: 0.9,
        duck: 0.5,
        chorus: 0.5,
        highpass: 200,
        reverb: 0.6,
        lowpass: [
          [0, 500],
          [30, 3500],
          [64, 2200],
          [100, 4000],
          [112, 900],
        ],
      }),
      part(
        'electric piano',
        orchestra.electricPiano(),
        arpeggiate(chords, '0.2.3..1 ..3.2.4.', { step: 0.5, length: 1.4, velocity: 0.55 }),
        { gain: -11, chorus: 0.6, keyboard: 0.4, delay: 0.3, reverb: 0.4, duck: 0.2 },
        HANDS,
      ),
      part(
        'piano',
        orchestra.grandPiano(),
        melody,
        { gain: -8.5, keyboard: 0.3, delay: 0.25, reverb: 0.4 },
        { timing: 0.008, velocity: 0.1 },
      ),
      part('choir', orchestra.strings(0.6), between(melody, 64, 96), {
        gain: -22,
        width: 0.6,
        reverb: 0.7,
        lowpass: 3500,
      }),
      part(
        'riser',
        createWind({ octaves: 0.4, rate: 0.2 }),
        [{ at: 16, beats: 15, pitch: 96, velocity: 0.8 }],
        {
          gain: -30,
          width: 0.9,
          reverb: 0.4,
          fade: [
            [16, 0],
            [31.5, 1.6],
            [32, 0],
          ],
        },
      ),
    ],
  );
}
