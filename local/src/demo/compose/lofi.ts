import type { Score } from '../score.ts';
import { createCymbal, createKick, createRim, createShaker, createSnare } from '../synth/drums.ts';
import { createCrackle } from '../synth/texture.ts';
import { arrange, HANDS, part } from './arrange.ts';
import { bassline, comp, harmonise } from './harmony.ts';
import { beat, shift, touch, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const drums = (pattern: string, velocity = 1) => beat(pattern, { at: 8, bars: 11, velocity });

/** Lo-fi: a dusty loop that nods, a felt piano that is never in a hurry, rain. */
export function composeRain(bpm: number): Score {
  const loop = 'Abmaj9:4 G7b13 Cm9 Bbm9:2 Eb9';
  const chords = harmonise(`${loop} ${loop} ${loop} Abmaj9:4 Cm9`, { low: 53, high: 72, voices: 4 });
  const motif = tune(
    '-:1 Eb5:.5 G5 C6:1 Bb5:.5 G5 | -:.5 F5 Eb5 D5 B4:2 | -:1 C5:.5 Eb5 G5:1 F5:.5 Eb5 | Db5:1.5 F5:.5 G5:1 F5',
    { at: 8, velocity: 0.6, legato: 1.2 },
  );
  const reply = tune(
    '-:.5 C6 Bb5 G5 Eb5:2 | -:1 D5:.5 F5 Ab5:1 G5:.5 F5 | Eb5:1.5 D5:.5 C5:2 | -:1 Ab4:.5 Db5 F5:1 G5',
    { at: 24, velocity: 0.58, legato: 1.2 },
  );
  return arrange(
    {
      bpm,
      bars: 14,
      swing: 0.24,
      swingUnit: 0.25,
      lufs: -16,
      reverb: { seconds: 1.3, damping: 0.55 },
      delay: { beats: 0.75, feedback: 0.35, lowpass: 2000 },
      fadeIn: 0.6,
      fadeOut: 4,
      tail: 1.5,
    },
    [
      part(
        'electric piano',
        orchestra.electricPiano(),
        comp(chords, 'x..... o... ..,. ..', { length: 1.3, velocity: 0.62, strum: 0.025 }),
        {
          gain: -11,
          tremolo: { hertz: 2.1, depth: 0.4 },
          chorus: 0.5,
          lowpass: 2400,
          drive: 0.4,
          reverb: 0.25,
        },
        { timing: 0.014, velocity: 0.14 },
      ),
      part(
        'piano',
        orchestra.feltPiano(),
        [...motif, ...reply, ...touch(shift(motif, 32), 0.9)],
        { gain: -8, pan: 0.15, lowpass: 3000, delay: 0.3, reverb: 0.3 },
        { timing: 0.022, velocity: 0.15 },
      ),
      part(
        'bass',
        orchestra.uprightBass(),
        bassline(chords, 'r..... .r f. ..s...', { low: 32, step: 0.25, length: 1.1, velocity: 0.8 }),
        { gain: -5, lowpass: 900, drive: 0.4 },
        HANDS,
      ),
      part(
        'kick',
        createKick({ tune: 52, seconds: 0.24, click: 0.25, drive: 1.6 }),
        drums('X......x..x.....'),
        { gain: -8, lowpass: 3000 },
        HANDS,
      ),
      part(
        'snare',
        createSnare({ tune: 170, seconds: 0.2, dark: 0.7 }),
        drums('....x.......x..,'),
        { gain: -8.5, reverb: 0.18, drive: 0.4 },
        { timing: 0.006, velocity: 0.1 },
      ),
      part(
        'rim',
        createRim({ tune: 1500 }),
        drums('..........,.....|.,....o......,..', 0.9).filter(({ at }) => at < 52),
        { gain: -20, pan: -0.3, reverb: 0.3 },
        HANDS,
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.05, tone: 0.25, bright: 6200 }),
        drums('x.o.x.o.x.oox.o,'),
        { gain: -21, pan: 0.25, lowpass: 9500 },
        { timing: 0.007, velocity: 0.2 },
      ),
      part('vinyl', createCrackle(), [{ at: 0, beats: 56, pitch: 60, velocity: 0.9 }], {
        gain: -27,
        width: 0.6,
      }),
      part(
        'rain',
        createShaker({ seconds: 60, attack: 1.5, from: 1800, to: 7500 }),
        [{ at: 0, beats: 56, pitch: 60, velocity: 0.8 }],
        { gain: -41, width: 0.9 },
      ),
    ],
  );
}
