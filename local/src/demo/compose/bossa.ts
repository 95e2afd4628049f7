import type { Score } from '../score.ts';
import { createKick, createRim, createShaker } from '../synth/drums.ts';
import { arrange, HANDS, part } from './arrange.ts';
import { bassline, comp, harmonise, hold } from './harmony.ts';
import { beat, shift, swell, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const rise = (at: number) => 0.88 + 0.18 * Math.sin((Math.PI * (at % 16)) / 16);

/** Bossa nova: a guitar that is its own drummer, a flute, a piano that says little. */
export function composeBossa(bpm: number): Score {
  const text = 'Am9:4 D9 Gmaj9 Cmaj7 F#m7b5 B7b9 Em9:8 | Am9:4 D9 Bm7 E7b9 Am7 D13 G69 B7b9 | Em9:8 A9:4 Em9';
  const chords = harmonise(text, { low: 52, high: 69, voices: 4 });
  const song = tune(
    `B5:1.5 A5:.5 -:.5 G5 E5 C5 | D5:1 F#5:.5 A5:1.5 -:1 | -:.5 B5 A5 F#5 D5:1 B4:.5 A4 | G4:.5 B4 E5 G5:1.5 -:1 |
     A5:1.5 G5:.5 -:.5 E5 C5 A4 | B4:1 D#5:.5 F#5:1.5 C6:1 | B5:3 A5:.5 G5 | F#5:1 G5:.5 E5:2.5 |
     B5:1.5 C6:.5 -:.5 B5 G5 E5 | F#5:1 A5:.5 C6:1.5 -:1 | -:.5 D6 B5 A5 F#5:1 D5:.5 E5 | G#4:.5 B4 D5 F5:1.5 E5:1 |
     C5:.5 E5 G5 B5 A5:1 G5:.5 E5 | F#5:1 E5:.5 D5 B4:1 A4 | B4:1.5 D5:.5 E5:1 D5 | B4:.5 D#5 F#5 A5 C6:1 B5 | G5:4`,
    { at: 8, velocity: 0.68, legato: 0.98 },
  ).filter(({ at }) => at < 76);
  return arrange(
    { bpm, bars: 20, lufs: -17, reverb: { seconds: 1.7, damping: 0.4 }, fadeOut: 3.5, tail: 2.5 },
    [
      part(
        'guitar',
        orchestra.nylonGuitar(),
        shift(comp(chords, 'x..x ..x. ..x. x...', { length: 0.55, velocity: 0.68, strum: 0.012 }), 8)
          .filter(({ at }) => at < 80)
          .concat(
            comp(harmonise('Em9:4 Em9', { low: 52, high: 69 }), 'x..x ..x. ..x. x...', {
              length: 0.55,
              velocity: 0.6,
              strum: 0.012,
            }),
          ),
        { gain: -9, pan: -0.3, reverb: 0.22 },
        HANDS,
      ),
      part(
        'bass',
        orchestra.uprightBass(),
        bassline(
          [
            ...harmonise('Em9:4 Em9', { low: 52, high: 69 }),
            ...harmonise(text, { low: 52, high: 69 }, 8),
          ].filter(({ at }) => at < 80),
          'r..f f..f',
          { low: 35, step: 0.5, length: 0.9, velocity: 0.72 },
        ),
        { gain: -4.5, lowpass: 1500, reverb: 0.08 },
        HANDS,
      ),
      part(
        'flute',
        orchestra.flute(),
        swell(song, rise),
        { gain: -11.5, pan: 0.2, reverb: 0.4, delay: 0.1 },
        { timing: 0.02, velocity: 0.08 },
      ),
      part(
        'piano',
        orchestra.electricPiano(),
        hold(
          harmonise(text, { low: 60, high: 79, voices: 3 }, 8).filter(({ at }) => at >= 40 && at < 80),
          { velocity: 0.45, strum: 0.04 },
        ),
        { gain: -15, pan: 0.35, chorus: 0.4, reverb: 0.35 },
        HANDS,
      ),
      part(
        'rim',
        createRim({ tune: 1850 }),
        beat('x..x ..x. ..x. x...', { at: 8, bars: 18, velocity: 0.7 }),
        { gain: -19, pan: 0.1, reverb: 0.25 },
        HANDS,
      ),
      part(
        'shaker',
        createShaker({ seconds: 0.06 }),
        beat('x,o,x,o,x,o,x,o,', { at: 4, bars: 19, velocity: 0.75 }),
        { gain: -22, pan: 0.45 },
        HANDS,
      ),
      part(
        'kick',
        createKick({ tune: 55, seconds: 0.2, click: 0.1, drive: 0.9 }),
        beat('x..o x..o x..o x..o', { at: 8, bars: 18, velocity: 0.6 }),
        { gain: -15 },
        HANDS,
      ),
    ],
  );
}
