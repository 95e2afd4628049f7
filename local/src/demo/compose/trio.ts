import { createRandom } from '../random.ts';
import type { Note, Score } from '../score.ts';
import { createCymbal, createKick, createRim, createShaker, createSnare } from '../synth/drums.ts';
import { createCrackle } from '../synth/texture.ts';
import { arrange, HANDS, part } from './arrange.ts';
import { bassline, comp, harmonise, type Harmony, hold } from './harmony.ts';
import { beat, between, shift, swell, touch, tune } from './notation.ts';
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
        { gain: -5.5, pan: 0.08, lowpass: 2200, reverb: 0.1 },
        { timing: 0.008, velocity: 0.09 },
      ),
      part(
        'ride',
        createCymbal({ seconds: 0.55, tone: 0.55, bright: 5200, size: 1.15 }),
        beat('x.xo', { step: 0.5, bars: 46, velocity: 0.8 }).concat(beat('X', { at: 93 })),
        { gain: -22, pan: 0.35, reverb: 0.2 },
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
        { gain: -23, pan: -0.25, reverb: 0.2 },
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
  const drums = (pattern: string, velocity = 1) => beat(pattern, { at: 8, bars: 11, velocity });
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
          gain: -12,
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
        { gain: -9.5, pan: 0.15, lowpass: 3000, delay: 0.3, reverb: 0.3 },
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
        { gain: -9.5, reverb: 0.18, drive: 0.4 },
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
        { gain: -24, pan: 0.25, lowpass: 9500 },
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
  const rise = (at: number) => 0.88 + 0.18 * Math.sin((Math.PI * (at % 16)) / 16);
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
        { gain: -6.5, lowpass: 1500, reverb: 0.08 },
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
        { gain: -24, pan: 0.45 },
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
