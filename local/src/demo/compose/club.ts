import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createClap, createCymbal, createKick, createRim, createShaker, createTom } from '../synth/drums.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, HANDS, part, TIGHT } from './arrange.ts';
import { bassline, comp, harmonise, hold } from './harmony.ts';
import { beat, repeat, shift, touch, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const beats = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Techno: a rumble under the kick, an acid line that opens and shuts, one stab far away, one break. */
export function composeSignalNine(bpm: number): Score {
  const acidBar = tune('F2!:.25 F2 C3 F2 | F3! F2 Gb2 F2 | F2 Ab2! F2 F3 | Eb2 F2 Gb3! C3', {
    velocity: 0.66,
    legato: 0.75,
  });
  const answer = tune('F2!:.25 F2 C3 F2 | Ab3! F2 Gb2 F2 | C3 Ab2! F2 F3 | Db3 C3 Gb3! F3', {
    velocity: 0.66,
    legato: 0.85,
  });
  const acid = createAnalog({
    wave: 'saw',
    cutoff: 520,
    resonance: 0.86,
    sweep: 3,
    sweepSeconds: 0.12,
    touch: 2,
    bend: { hertz: 1, cents: 0, delay: 9, slide: 2, slideSeconds: 0.04 },
    envelope: { attack: 0.002, decay: 0.16, sustain: 0.35, release: 0.04 },
  });
  const stab = createAnalog({
    wave: 'square',
    unison: 3,
    cents: 14,
    cutoff: 900,
    resonance: 0.3,
    sweep: 2,
    sweepSeconds: 0.15,
    envelope: { attack: 0.002, decay: 0.18, sustain: 0.1, release: 0.2 },
  });
  const stabs = comp(
    harmonise('Fm7:16 Gbmaj7:8 Fm7', { low: 53, high: 70 }),
    '..........x..... ...x............',
    { length: 0.4 },
  );
  const kicks = [...beats(0, 48), ...beats(64, 96)];
  const bars = (pattern: string, from: number, to: number) =>
    beat(pattern, { at: from * 4, bars: to - from });
  return arrange(
    {
      bpm,
      bars: 24,
      lufs: -11,
      reverb: { seconds: 2.6, damping: 0.5 },
      delay: { beats: 0.75, feedback: 0.58, lowpass: 2400 },
      ducking: kicks,
      fadeOut: 2.5,
      tail: 1.5,
    },
    [
      part(
        'kick',
        createKick({ tune: 46, seconds: 0.32, click: 0.8, drive: 2.2 }),
        kicks.map((at) => ({ at, beats: 1, pitch: 36, velocity: 1 })),
        { gain: -5.5 },
      ),
      part(
        'rumble',
        createAnalog({
          wave: 'saw',
          sub: 0.9,
          cutoff: 140,
          resonance: 0.2,
          envelope: { attack: 0.01, decay: 0.2, sustain: 0.8, release: 0.05 },
        }),
        repeat(tune('-:.25 F1 F1 F1', { velocity: 0.7 }), 96, 1),
        {
          gain: -11,
          duck: 0.9,
          drive: 1.2,
          lowpass: 240,
          fade: [
            [0, 0.6],
            [47.9, 1],
            [48, 0.25],
            [64, 1],
          ],
        },
      ),
      part(
        'closed hat',
        createCymbal({ seconds: 0.035, tone: 0.4 }),
        bars('o,xo o,xo o,xo ooxo', 4, 24),
        { gain: -22, pan: 0.2, delay: 0.12 },
        TIGHT,
      ),
      part(
        'open hat',
        createCymbal({ seconds: 0.16, tone: 0.3, bright: 6500 }),
        [...bars('..x. ..x. ..x. ..x.', 6, 12), ...bars('..X. ..X. ..X. ..X.', 16, 24)],
        { gain: -20, pan: -0.15 },
        TIGHT,
      ),
      part(
        'clap',
        createClap(),
        [...bars('.... X... .... X...', 8, 12), ...bars('.... X... .... X..o', 16, 24)],
        { gain: -11.5, width: 0.3, reverb: 0.25 },
      ),
      part(
        'rim',
        createRim({ tune: 1450 }),
        bars('...x ..x. .... x..x', 4, 22),
        { gain: -21, pan: -0.5, delay: 0.5, reverb: 0.2 },
        TIGHT,
      ),
      part(
        'toms',
        createTom({ tune: 74, seconds: 0.25, skin: 0.3 }),
        bars('.... ..o. ...x ..o.', 2, 24),
        { gain: -14, pan: 0.4, reverb: 0.3, duck: 0.5 },
        TIGHT,
      ),
      part(
        'acid',
        acid,
        shift(repeat([...repeat(acidBar, 3, 4), ...touch(shift(answer, 12), 1.1)], 4, 16), 24),
        {
          gain: -14,
          pan: -0.05,
          drive: 1.8,
          delay: 0.22,
          reverb: 0.1,
          lowpass: [
            [24, 250],
            [46, 2600],
            [50, 900],
            [64, 9000],
            [80, 5000],
            [88, 900],
          ],
        },
        TIGHT,
      ),
      part('stab', stab, repeat(stabs, 3, 32), {
        gain: -19,
        pan: 0.25,
        delay: 0.8,
        reverb: 0.6,
        highpass: 250,
        lowpass: [
          [0, 500],
          [32, 1800],
          [62, 6000],
          [96, 1200],
        ],
      }),
      part(
        'riser',
        createWind({ octaves: 0.3, rate: 0.4, resonance: 0.6 }),
        [{ at: 48, beats: 16, pitch: 93, velocity: 0.9 }],
        {
          gain: -26,
          width: 0.8,
          highpass: 500,
          reverb: 0.4,
          fade: [
            [48, 0],
            [63.7, 1.6],
            [64, 0],
          ],
        },
      ),
    ],
  );
}

/** House on a terrace: ninth chords on the off-beat, a round bass that leaves room, congas, a plucked hook. */
export function composeSundayTerrace(bpm: number): Score {
  const text = 'Gm9 C9 Fmaj9 Dm9 Gm9 C9 Am7 D7b13';
  const chords = harmonise([text, text, 'Gm9 C9 Fmaj9 Dm9 Gm9'].join(' '), { low: 55, high: 75, voices: 4 });
  const organ = createAnalog({
    wave: 'organ',
    cutoff: 2800,
    sweep: 0.7,
    sweepSeconds: 0.1,
    envelope: { attack: 0.003, decay: 0.25, sustain: 0.55, release: 0.09 },
  });
  const hook = tune('-:.5 D5 F5 G5 | A5:.75 G5 F5:.5 | -:.5 E5 G5:.25 E5 D5:.5 | C5:.75 D5:1.25', {
    velocity: 0.7,
    legato: 0.8,
  });
  const turn = tune('-:.5 A5 C6 A5 | G5:.75 F5 D5:.5 | -:.5 E5 G5:.25 A5 C6:.5 | Bb5:.75 A5:1.25', {
    velocity: 0.72,
    legato: 0.8,
  });
  const verse = [...hook, ...shift(turn, 8), ...shift(hook, 16)];
  const kicks = beats(8, 84);
  const bars = (pattern: string, from: number, to = 21, velocity = 1) =>
    beat(pattern, { at: from * 4, bars: to - from, velocity });
  return arrange(
    {
      bpm,
      bars: 21,
      lufs: -12.5,
      swing: 0.16,
      swingUnit: 0.25,
      reverb: { seconds: 1.6, damping: 0.35 },
      delay: { beats: 0.75, feedback: 0.42, lowpass: 3600 },
      ducking: kicks,
      fadeOut: 3,
      tail: 2,
    },
    [
      part(
        'kick',
        createKick({ tune: 50, seconds: 0.28, click: 0.4 }),
        kicks.map((at) => ({ at, beats: 1, pitch: 36, velocity: 0.95 })),
        { gain: -7 },
      ),
      part(
        'clap',
        createClap({ seconds: 0.18 }),
        bars('....x.......x...', 4),
        { gain: -14, width: 0.35, reverb: 0.3 },
        TIGHT,
      ),
      part(
        'open hat',
        createCymbal({ seconds: 0.12, tone: 0.25, bright: 7000 }),
        bars('..x...x...x...x.', 4),
        { gain: -21, pan: 0.12 },
        TIGHT,
      ),
      part(
        'shaker',
        createShaker({ seconds: 0.05 }),
        bars('o,x,o,x,o,x,o,xo', 2),
        { gain: -22, pan: -0.4 },
        HANDS,
      ),
      part(
        'conga',
        createTom({ tune: 205, seconds: 0.16, skin: 0.25 }),
        bars('..o..x....o.x..o', 2, 21, 0.8),
        { gain: -16, pan: 0.45, reverb: 0.25 },
        HANDS,
      ),
      part(
        'low conga',
        createTom({ tune: 148, seconds: 0.22, skin: 0.2 }),
        bars('......x.......o.', 2, 21, 0.8),
        { gain: -16, pan: 0.35, reverb: 0.25 },
        HANDS,
      ),
      part(
        'bass',
        createAnalog({
          wave: 'triangle',
          sub: 0.35,
          cutoff: 420,
          resonance: 0.2,
          sweep: 1,
          sweepSeconds: 0.1,
          envelope: { attack: 0.004, decay: 0.35, sustain: 0.55, release: 0.06 },
        }),
        bassline(chords.slice(2), 'r..r..R. .f.r..n.', { low: 31, step: 0.25, length: 0.4 }),
        { gain: -7.5, duck: 0.4, drive: 0.4 },
        TIGHT,
      ),
      part(
        'organ',
        organ,
        comp(chords, '..x..x....x..o..', { length: 0.32, velocity: 0.75 }),
        {
          gain: -14.5,
          width: 0.3,
          chorus: 0.4,
          duck: 0.35,
          reverb: 0.25,
          delay: 0.12,
          lowpass: [
            [0, 500],
            [16, 4000],
            [84, 6000],
          ],
        },
        TIGHT,
      ),
      part('pad', orchestra.warmPad(1300), hold(chords, { velocity: 0.5 }), {
        gain: -25,
        width: 0.85,
        duck: 0.7,
        highpass: 250,
        reverb: 0.4,
      }),
      part(
        'hook',
        orchestra.electricPiano(),
        [16, 48].flatMap((at) => shift(verse, at)),
        { gain: -11.5, pan: 0.1, chorus: 0.4, delay: 0.35, reverb: 0.25 },
        HANDS,
      ),
    ],
  );
}
