import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createShaker, createTom } from '../synth/drums.ts';
import { arrange, HANDS, part } from './arrange.ts';
import { arpeggiate, bassline, comp, harmonise, hold } from './harmony.ts';
import { beat, between, shift, swell, touch, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';
import { moveInKey, parseKey } from './theory.ts';

const accordion = () =>
  createAnalog({
    wave: 'reed',
    unison: 3,
    cents: 22,
    cutoff: 3400,
    resonance: 0.1,
    touch: 0.8,
    bend: { hertz: 5.5, cents: 6, delay: 0.3 },
    envelope: { attack: 0.035, decay: 0.3, sustain: 0.88, release: 0.09 },
  });

const bellows = (at: number) => 0.84 + 0.22 * Math.sin((Math.PI * (at % 12)) / 12);

/** An old pier's waltz: accordion over a guitar's oom-pah-pah, thirds in the second strain. */
export function composePierWaltz(bpm: number): Score {
  const text = `Am:3 Am Dm Dm E7 E7 Am Am | Am A7 Dm Dm Am E7 Am Am |
                C C G7 G7 Dm Am E7 E7 | Am A7 Dm Dm Am E7 Am Am`;
  const chords = harmonise(text, { low: 52, high: 69, voices: 3 });
  const first = tune(
    `E5:2 A5:.5 B5 | C6:1.5 B5:.5 A5:1 | F5:2 A5:.5 G5 | F5:1 E5 D5 | D5:1.5 E5:.5 F5:1 | G#5:1 B5 E5 | A5:1.5 G5:.5 F5:1 | E5:2 -:1 |
     E5:2 A5:.5 B5 | C#6:1.5 B5:.5 A5:1 | D6:2 C6:.5 B5 | A5:1 F5 D5 | E5:1 A5 C6 | B5:1.5 G#5:.5 E5:1 | A5:2 E5:1 | A5:2 -:1`,
    { velocity: 0.7 },
  );
  const second = tune(
    `G5:1.5 E5:.5 C5:1 | E5:1 G5 C6 | B5:1.5 A5:.5 G5:1 | F5:1 D5 B4 | D5:1 F5 A5 | C6:1.5 B5:.5 A5:1 | G#5:1 B5 D6 | E6:2 D6:.5 B5 |
     C6:1.5 B5:.5 A5:1 | A5:1 C#6 E6 | F6:1.5 E6:.5 D6:1 | D6:1 A5 F5 | E5:.5 A5 C6 E6 D6 C6 | B5:1 D6 G#5 | A5:2 C6:1 | A5:3`,
    { at: 48, velocity: 0.76 },
  );
  const key = parseKey('A harmonic minor');
  const thirds = between(second, 48, 93).map((note) => ({ ...note, pitch: moveInKey(note.pitch, key, -2) }));
  return arrange(
    { bpm, bars: 32, beatsPerBar: 3, lufs: -16, reverb: { seconds: 1.5, damping: 0.4 }, fadeOut: 2, tail: 2 },
    [
      part(
        'accordion',
        accordion(),
        swell([...first, ...second], bellows),
        { gain: -13.5, pan: 0.12, reverb: 0.3 },
        { timing: 0.012, velocity: 0.06 },
      ),
      part(
        'thirds',
        accordion(),
        swell(touch(thirds, 0.8), bellows),
        { gain: -16, pan: -0.1, reverb: 0.3 },
        { timing: 0.012, velocity: 0.06 },
      ),
      part(
        'bass',
        orchestra.uprightBass(),
        bassline(chords, 'r..', { low: 33, step: 1, length: 1.1, velocity: 0.78 }).map((note, i) =>
          i % 2 === 1 && i < 30 ? { ...note, pitch: note.pitch + (note.pitch < 38 ? 7 : -5) } : note,
        ),
        { gain: -5, reverb: 0.08, lowpass: 1800 },
        HANDS,
      ),
      part(
        'guitar',
        orchestra.steelGuitar(),
        comp(chords, '.xo', { step: 1, length: 0.5, velocity: 0.62, strum: 0.02 }),
        { gain: -10.5, pan: -0.35, reverb: 0.2 },
        HANDS,
      ),
      part(
        'mandolin',
        orchestra.steelGuitar(),
        arpeggiate(harmonise(text, { low: 64, high: 81, voices: 3 }).slice(16), '021 202', {
          step: 0.5,
          length: 0.5,
          velocity: 0.5,
        }),
        { gain: -13, pan: 0.5, highpass: 250, reverb: 0.3 },
        HANDS,
      ),
      part(
        'brush',
        createShaker({ seconds: 0.1, attack: 0.02, from: 1500, to: 7000 }),
        beat('.xo', { step: 1, bars: 24, at: 24, velocity: 0.8 }),
        { gain: -24, pan: 0.2 },
        HANDS,
      ),
    ],
  );
}

/** A road song: fingerpicked steel strings, a whistle, a drum from afar. */
export function composeRoad(bpm: number): Score {
  const text = 'Dm Dm/C G/B Bbmaj7 | Dm C G Dm | F C Gm7 Dm | Bbmaj7 C Am7 Dm | Dm/C G/B Dm:4';
  const chords = harmonise(text, { low: 50, high: 71, voices: 4 });
  const whistle = tune(
    `A5:1 D6:.5 E6 F6:1 E6:.5 D6 | C6:1.5 D6:.5 A5:2 | B5:1 D6:.5 B5 A5:1 G5 | A5:3 -:1 |
     C6:1 F6:.5 E6 D6:1 C6:.5 A5 | G5:1 E6:.5 D6 C6:1 G5 | Bb5:1 D6:.5 F6 E6:1 D6:.5 C6 | D6:2.5 A5:.5 F5:1 |
     F5:1 A5:.5 C6 D6:1 F6 | E6:1.5 D6:.5 C6:1 E6 | C6:.5 B5 C6 E6 A5:2 | D6:3 A5:.5 C6`,
    { at: 16, velocity: 0.68 },
  );
  const picking = '0.2.1.3. 02.31.2.';
  const bassNotes = bassline(chords, 'r.f.', { low: 38, step: 1, length: 1.4, velocity: 0.7 });
  const low = shift(between(whistle, 48, 62), 0, -12);
  return arrange(
    {
      bpm,
      bars: 19,
      lufs: -17,
      swing: 0.06,
      swingUnit: 0.25,
      reverb: { seconds: 2.1, damping: 0.35 },
      fadeOut: 3.5,
      tail: 3,
    },
    [
      part(
        'guitar',
        orchestra.steelGuitar(),
        arpeggiate(chords, picking, { length: 0.9, velocity: 0.62 }),
        { gain: -7, pan: -0.18, keyboard: 0.25, reverb: 0.22 },
        HANDS,
      ),
      part('thumb', orchestra.steelGuitar(), bassNotes, { gain: -7, pan: -0.12, reverb: 0.15 }, HANDS),
      part(
        'second guitar',
        orchestra.nylonGuitar(),
        hold(harmonise(text, { low: 57, high: 76, voices: 4 }).slice(8), { velocity: 0.5, strum: 0.04 }),
        { gain: -11, pan: 0.4, reverb: 0.3 },
        HANDS,
      ),
      part(
        'whistle',
        orchestra.flute(),
        whistle,
        { gain: -13.5, pan: 0.12, reverb: 0.5, delay: 0.08 },
        { timing: 0.02, velocity: 0.08 },
      ),
      part(
        'low whistle',
        orchestra.flute(),
        low,
        { gain: -16, pan: -0.3, reverb: 0.5 },
        { timing: 0.025, velocity: 0.08 },
      ),
      part(
        'drum',
        createTom({ tune: 68, seconds: 0.5, skin: 0.3 }),
        beat('x.....o.x.o...o.', { at: 32, bars: 10, velocity: 0.8 }),
        { gain: -14, pan: 0.05, lowpass: 900, reverb: 0.45 },
        HANDS,
      ),
      part(
        'shaker',
        createShaker({ seconds: 0.07 }),
        beat('o,x,o,x,o,x,o,xo', { at: 32, bars: 10, velocity: 0.7 }),
        { gain: -27, pan: 0.35 },
        HANDS,
      ),
    ],
  );
}
