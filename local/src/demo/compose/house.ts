import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createClap, createCymbal, createKick, createShaker, createTom } from '../synth/drums.ts';
import { arrange, HANDS, part, TIGHT } from './arrange.ts';
import { bassline, comp, harmonise, hold } from './harmony.ts';
import { beat, shift, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const beats = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

const bars = (pattern: string, from: number, to = 21, velocity = 1) =>
  beat(pattern, { at: from * 4, bars: to - from, velocity });

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
        { gain: -11, width: 0.35, reverb: 0.3 },
        TIGHT,
      ),
      part(
        'open hat',
        createCymbal({ seconds: 0.12, tone: 0.25, bright: 7000 }),
        bars('..x...x...x...x.', 4),
        { gain: -15, pan: 0.12 },
        TIGHT,
      ),
      part(
        'shaker',
        createShaker({ seconds: 0.05 }),
        bars('o,x,o,x,o,x,o,xo', 2),
        { gain: -16, pan: -0.4 },
        HANDS,
      ),
      part(
        'conga',
        createTom({ tune: 205, seconds: 0.16, skin: 0.25 }),
        bars('..o..x....o.x..o', 2, 21, 0.8),
        { gain: -13, pan: 0.45, reverb: 0.25 },
        HANDS,
      ),
      part(
        'low conga',
        createTom({ tune: 148, seconds: 0.22, skin: 0.2 }),
        bars('......x.......o.', 2, 21, 0.8),
        { gain: -13, pan: 0.35, reverb: 0.25 },
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
        { gain: -9, duck: 0.4, drive: 0.4 },
        TIGHT,
      ),
      part(
        'organ',
        organ,
        comp(chords, '..x..x....x..o..', { length: 0.32, velocity: 0.75 }),
        {
          gain: -11.5,
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
        { gain: -9.5, pan: 0.1, chorus: 0.4, delay: 0.35, reverb: 0.25 },
        HANDS,
      ),
    ],
  );
}
