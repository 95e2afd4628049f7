import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createClap, createCymbal, createKick, createRim, createTom } from '../synth/drums.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, part, TIGHT } from './arrange.ts';
import { comp, harmonise } from './harmony.ts';
import { beat, repeat, shift, touch, tune } from './notation.ts';

const beats = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

const bars = (pattern: string, from: number, to: number) => beat(pattern, { at: from * 4, bars: to - from });

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
        { gain: -6.5 },
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
          gain: -14,
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
        { gain: -13, pan: 0.2, delay: 0.12 },
        TIGHT,
      ),
      part(
        'open hat',
        createCymbal({ seconds: 0.16, tone: 0.3, bright: 6500 }),
        [...bars('..x. ..x. ..x. ..x.', 6, 12), ...bars('..X. ..X. ..X. ..X.', 16, 24)],
        { gain: -12, pan: -0.15 },
        TIGHT,
      ),
      part(
        'clap',
        createClap(),
        [...bars('.... X... .... X...', 8, 12), ...bars('.... X... .... X..o', 16, 24)],
        { gain: -9.5, width: 0.3, reverb: 0.25 },
      ),
      part(
        'rim',
        createRim({ tune: 1450 }),
        bars('...x ..x. .... x..x', 4, 22),
        { gain: -17, pan: -0.5, delay: 0.5, reverb: 0.2 },
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
          gain: -9.5,
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
        gain: -14,
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
          gain: -23,
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
