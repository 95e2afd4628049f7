import { createRandom } from '../random.ts';
import type { Note, Score } from '../score.ts';
import { createCymbal, createKick, createShaker, createSnare } from '../synth/drums.ts';
import { arrange, HANDS, part } from './arrange.ts';
import { comp, harmonise, type Harmony } from './harmony.ts';
import { beat, between, shift, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';
import { above } from './theory.ts';

/** A walking bass: the root on one, chord tones on the way, a half-step into the next chord. */
function walk(harmonies: readonly Harmony[], low: number): Note[] {
  const random = createRandom(7);
  let last = above(harmonies[0]!.chord.bass, low);
  return harmonies.flatMap(({ at, beats, chord }, i) => {
    const next = above((harmonies[i + 1] ?? harmonies[0]!).chord.bass, low);
    return Array.from({ length: beats }, (_, step) => {
      if (step === 0) last = above(chord.bass, low);
      else if (step === beats - 1) last = next + (last < next ? -1 : 1);
      else last = nearest(chord.tones, last, low, random() < 0.7 ? 1 : -1);
      return { at: at + step, beats: 0.92, pitch: last, velocity: step % 2 === 0 ? 0.7 : 0.8 };
    });
  });
}

function nearest(tones: readonly number[], from: number, low: number, direction: number): number {
  for (let pitch = from + direction; pitch >= low - 2 && pitch <= low + 19; pitch += direction) {
    if (tones.includes(pitch % 12)) return pitch;
  }
  return from - direction * 5;
}

/** Jazz in a small room: head, eight bars of solo, head. */
export function composeCornerTable(bpm: number): Score {
  const form = 'Gm7:4 C13 Fmaj9 D7b9 Gm7 C13';
  const text = `${form} Am7:2 D7b9 Gm7 C13 ${form} F69:4 D7b9 ${form} F69 F69`;
  const chords = harmonise(text, { low: 53, high: 72, voices: 4 });
  const head = tune(
    `-:.5 D5 F5 A5 Bb5:1 A5:.5 F5 | E5:1.5 D5:.5 -:1 A4:.5 C5 | E5:1 C5:.5 A4 -:1 G4:.5 A4 | C5:.5 Eb5 D5 C5 F#4:1.5 A4:.5 |
     Bb4:.5 D5 F5 A5 C6:1 Bb5:.5 A5 | G5:1 E5:.5 D5 -:.5 Bb4 A4 G4 | C5:1 -:.5 E5 Eb5:1 D5:.5 C5 | Bb4:1 A4:.5 G4 E4:1 -:1`,
    { velocity: 0.72, legato: 0.9 },
  );
  const solo = tune(
    `-:.5 G5 A5 Bb5 D6 C6 Bb5 A5 | G5 E5 C5 D5 E5 G5 Bb5 A5 | G5:1 E5:.5 C5 -:1 -:.5 E5 | F#5 A5 C6 Eb6 D6 C6 A5 F#5 |
     G5:.33 A5 Bb5 D6:.5 F6:1 D6:.5 Bb5 C6:.5 | -:.5 Bb5 A5 Ab5 G5 E5 Db5 D5 | A5:1.5 F5:.5 D5:.5 C5 A4 F4 | F#4 A4 C5 Eb5 F#5:1 -:1`,
    { at: 32, velocity: 0.74, legato: 0.85 },
  );
  const coda = tune('F5:1.5 C5:.5 A4:.5 D5:1.5 | -:1 F4+A4+D5+G5:3', { at: 88, velocity: 0.72 });
  return arrange(
    { bpm, bars: 24, swing: 0.3, lufs: -17, reverb: { seconds: 1.1, damping: 0.45 }, fadeOut: 2.5, tail: 2 },
    [
      part(
        'right hand',
        orchestra.grandPiano(),
        [...head, ...solo, ...shift(between(head, 0, 24), 64), ...coda],
        { gain: -7.5, keyboard: 0.35, reverb: 0.2 },
        HANDS,
      ),
      part(
        'left hand',
        orchestra.grandPiano(),
        [
          ...comp(during(chords, 0, 32), '..x. .... ...o ....', { length: 0.6, velocity: 0.55 }),
          ...comp(during(chords, 32, 64), '...x ...o .... x...', { length: 0.4, velocity: 0.58 }),
          ...comp(during(chords, 64, 96), 'x... ..o. .... ..x.', { length: 0.7, velocity: 0.58 }),
        ],
        { gain: -12, pan: -0.15, keyboard: 0.3, reverb: 0.22 },
        HANDS,
      ),
      part(
        'bass',
        orchestra.uprightBass(),
        walk(chords, 33).filter(({ at }) => at < 93),
        { gain: -2.5, pan: 0.08, lowpass: 2200, reverb: 0.1 },
        { timing: 0.008, velocity: 0.09 },
      ),
      part(
        'ride',
        createCymbal({ seconds: 0.55, tone: 0.55, bright: 5200, size: 1.15 }),
        beat('x.xo', { step: 0.5, bars: 46, velocity: 0.8 }).concat(beat('X', { at: 93 })),
        { gain: -20, pan: 0.35, reverb: 0.2 },
        HANDS,
      ),
      part(
        'foot',
        createCymbal({ seconds: 0.05, tone: 0.3, bright: 6000 }),
        beat('.x.x', { step: 1, bars: 23 }),
        { gain: -25, pan: 0.3 },
        HANDS,
      ),
      part(
        'brush',
        createShaker({ seconds: 0.28, attack: 0.12, from: 900, to: 5200 }),
        beat('x.o.', { step: 1, bars: 23, velocity: 0.7 }),
        { gain: -21, pan: -0.25, reverb: 0.2 },
        HANDS,
      ),
      part(
        'snare',
        createSnare({ tune: 205, seconds: 0.14, wires: 0.5, dark: 0.6 }),
        beat('......,.|...,...o|.....,..|..,..o.x', { step: 0.5, bars: 5 }),
        { gain: -15, pan: -0.1, reverb: 0.2 },
        HANDS,
      ),
      part(
        'kick',
        createKick({ tune: 58, seconds: 0.2, click: 0.15, drive: 0.9 }),
        beat('o.......|.......o|o.......|....,..o', { step: 0.5, bars: 5, velocity: 0.7 }),
        { gain: -16 },
        HANDS,
      ),
    ],
  );
}

/** The harmonies that begin within [from, to). */
function during(harmonies: readonly Harmony[], from: number, to: number): Harmony[] {
  return harmonies.filter(({ at }) => at >= from && at < to);
}
