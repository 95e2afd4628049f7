import type { Score } from '../score.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, part } from './arrange.ts';
import { arpeggiate, harmonise, hold } from './harmony.ts';
import { tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const LONG_ROOM = { seconds: 6.5, damping: 0.28, predelay: 0.04 };

/** Still and bright: wide chords, a few bells, a far piano, water. */
export function composeStillWater(bpm: number): Score {
  const chords = harmonise('Dmaj9:8 E6/D Bm11 F#m9 | Dmaj7#11 Aadd9/C#:8', { low: 50, high: 74, voices: 4 });
  const bells = tune(
    `-:4 F#5:2 A5 | E5:3 C#6:1 B5:4 | -:2 A5 F#5:3 G#5:1 | -:2 E5 C#6:4 |
     F#5:2 A5 E6:3 D6:1 | C#6:4 -:2 A5:2`,
    { velocity: 0.5, legato: 1.6 },
  );
  const piano = arpeggiate(chords, '0.2.3..1 ..3.2...', { step: 0.5, length: 3, velocity: 0.42 });
  const swell = [
    [0, 420],
    [10, 900],
    [24, 2300],
    [34, 1300],
    [48, 500],
  ] as const;
  return arrange(
    {
      bpm,
      bars: 12,
      reverb: LONG_ROOM,
      delay: { beats: 1.5, feedback: 0.55, lowpass: 2600 },
      lufs: -19,
      fadeIn: 1.5,
      fadeOut: 6,
      tail: 6,
    },
    [
      part('pad', orchestra.warmPad(1500), hold(chords, { velocity: 0.55, overlap: 1.08 }), {
        gain: -14,
        width: 0.75,
        lowpass: swell,
        chorus: 0.6,
        reverb: 0.7,
      }),
      part('drone', orchestra.subBass(), tune('D2:16 D2 D2', { velocity: 0.5 }), {
        gain: -13,
        lowpass: 300,
        reverb: 0.2,
        fade: [
          [0, 0],
          [8, 1],
          [44, 1],
          [48, 0.4],
        ],
      }),
      part(
        'bells',
        orchestra.glassBell(),
        bells,
        { gain: -9, pan: 0.25, reverb: 0.9, delay: 0.5 },
        { timing: 0.03, velocity: 0.15 },
      ),
      part(
        'piano',
        orchestra.feltPiano(),
        piano,
        {
          gain: -10,
          pan: -0.2,
          keyboard: 0.3,
          lowpass: 2600,
          reverb: 0.8,
          delay: 0.25,
          fade: [
            [0, 0],
            [6, 0],
            [14, 1],
          ],
        },
        { timing: 0.03, velocity: 0.2 },
      ),
      part(
        'water',
        createWind({ octaves: 1.6, rate: 0.17, resonance: 0.3 }),
        [{ at: 0, beats: 48, pitch: 84, velocity: 0.6 }],
        { gain: -30, width: 0.9 },
      ),
    ],
  );
}
