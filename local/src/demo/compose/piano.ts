import type { Score } from '../score.ts';
import { createPluck } from '../synth/strings.ts';
import { arrange, HANDS, part } from './arrange.ts';
import { arpeggiate, bassline, harmonise, hold } from './harmony.ts';
import { between, shift, swell, touch, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const phrase = (at: number) =>
  0.8 + 0.3 * Math.sin((Math.PI * (at % 16)) / 16) + (at >= 32 && at < 52 ? 0.14 : 0);

/** A piano piece in song form: theme, answer, a climb with strings, and home. */
export function composeFirstSnow(bpm: number): Score {
  const text = 'Am9 Fmaj7 C/E Gadd9 | Am9 Dm9 E7sus4 E7 | Fmaj7 G6/F Em7 Am7 | Dm9 E7b9 Am9:8';
  const left = harmonise(text, { low: 43, high: 62, voices: 3 });
  const theme = tune(
    `E5:1.5 D5:.5 C5:1 B4 | A4:1.5 C5:.5 E5:2 | G5:1.5 E5:.5 D5:1 C5 | D5:3 B4:1 |
     E5:1.5 D5:.5 C5:1 B4 | A4:1 C5 F5:1.5 E5:.5 | E5:1.5 D5:.5 A4:2 | G#4:3 B4:1 |
     A5!:1.5 G5:.5 E5:1 C5 | B4:1 D5 G5:2 | B5!:1.5 A5:.5 G5:1 E5 | C5:1 E5 A5:2 |
     F5:1.5 E5:.5 D5:1 C5 | B4:1.5 D5:.5 F5:1 G#4 | A4:4 | E5:1 C5 A4:2`,
    { velocity: 0.66, legato: 1.05 },
  );
  const strings = harmonise(text, { low: 52, high: 76, voices: 4 });
  const answer = tune('C5:4 B4 B4 C5 | A4:4 G#4 A4:8', { at: 32, velocity: 0.5 });
  return arrange(
    {
      bpm,
      bars: 16,
      reverb: { seconds: 2.8, damping: 0.4, predelay: 0.025 },
      lufs: -18,
      fadeOut: 3.5,
      tail: 4,
    },
    [
      part(
        'right hand',
        orchestra.feltPiano(),
        swell(theme, phrase),
        { gain: -7, keyboard: 0.35, reverb: 0.3 },
        { timing: 0.014, velocity: 0.1 },
      ),
      part(
        'octave',
        orchestra.feltPiano(),
        touch(shift(between(theme, 32, 48), 0, -12), 0.7),
        { gain: -10, keyboard: 0.35, reverb: 0.3 },
        HANDS,
      ),
      part(
        'left hand',
        orchestra.feltPiano(),
        swell(arpeggiate(left, '0121 2121', { step: 0.5, length: 1.4, velocity: 0.46 }), phrase),
        { gain: -9, keyboard: 0.35, reverb: 0.3 },
        HANDS,
      ),
      part(
        'bass',
        orchestra.feltPiano(),
        bassline(left, 'r', { low: 33, step: 4, length: 3.8, velocity: 0.6 }),
        { gain: -9, keyboard: 0.35, reverb: 0.25 },
        HANDS,
      ),
      part('strings', orchestra.strings(0.9), hold(strings.slice(4), { velocity: 0.5 }), {
        gain: -21,
        width: 0.65,
        lowpass: 2600,
        reverb: 0.6,
        fade: [
          [16, 0],
          [24, 0.6],
          [44, 1.2],
          [64, 0.4],
        ],
      }),
      part('cello', orchestra.strings(0.4), shift(answer, 0, -12), {
        gain: -16,
        pan: 0.3,
        lowpass: 1800,
        reverb: 0.5,
      }),
    ],
  );
}

/** A lullaby for celesta and harp, with strings that answer. */
export function composeLullaby(bpm: number): Score {
  const text = `F:3 C/E Dm7 Bb | Bb F/A Gm7 C7 | F C/E Dm7 Bbmaj7 | Gm7 C7 F F6 |
                Bb F/A Gm7 Dm7 | Bb F/A C7 Fadd9`;
  const chords = harmonise(text, { low: 53, high: 72, voices: 3 });
  const melody = tune(
    `A5:2 G5:1 | G5:2 C5:1 | F5:2 E5:1 | D5:3 | D5:1 E5 F5 | A5:2 F5:1 | G5:1.5 F5:.5 D5:1 | C5:3 |
     A5:2 G5:1 | G5:1 A5 Bb5 | A5:2 F5:1 | D5:2 F5:1 | Bb5:1.5 A5:.5 G5:1 | G5:1 E5 C5 | F5:3 | -:3 |
     D6:2 C6:1 | C6:1.5 A5:.5 F5:1 | Bb5:2 A5:1 | F5:3 | D5:1 F5 Bb5 | A5:2 C6:1 | G5:1.5 A5:.5 E5:1 | F5:3`,
    { velocity: 0.62, legato: 1.3 },
  );
  const counter = tune(
    'C5:3 Bb4 A4 F4 | G4:2 A4:1 Bb4:3 A4 F4 | F5:3 F5 D5 D5 | Bb4 C5 Bb4:1.5 C5:.5 G4:1 A4:3',
    { at: 24, velocity: 0.5 },
  );
  const harp = createPluck({ ring: 6, brightness: 0.5, position: 0.45, release: 0.8 });
  return arrange(
    {
      bpm,
      bars: 24,
      beatsPerBar: 3,
      reverb: { seconds: 2.4, damping: 0.3 },
      lufs: -19,
      fadeOut: 3,
      tail: 3.5,
    },
    [
      part(
        'celesta',
        orchestra.celesta(),
        melody,
        { gain: -10, pan: 0.15, reverb: 0.45, delay: 0.12 },
        { timing: 0.012, velocity: 0.12 },
      ),
      part(
        'harp',
        harp,
        arpeggiate(chords, '012345', { step: 0.5, length: 1.5, velocity: 0.5 }),
        { gain: -10, pan: -0.2, keyboard: 0.4, reverb: 0.4 },
        HANDS,
      ),
      part(
        'bass',
        orchestra.uprightBass(),
        bassline(chords, 'r', { low: 36, step: 3, length: 2.6, velocity: 0.55 }),
        { gain: -9, reverb: 0.15 },
        HANDS,
      ),
      part('strings', orchestra.strings(0.7), hold(chords.slice(8), { velocity: 0.45 }), {
        gain: -23,
        width: 0.6,
        lowpass: 2400,
        reverb: 0.6,
      }),
      part('counter', orchestra.strings(0.25), counter, { gain: -17, pan: 0.35, lowpass: 2300, reverb: 0.5 }),
    ],
  );
}
