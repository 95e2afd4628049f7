import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createClap, createCymbal, createKick, createSnare, createTom } from '../synth/drums.ts';
import { arrange, HANDS, part, TIGHT } from './arrange.ts';
import { arpeggiate, bassline, harmonise, hold } from './harmony.ts';
import { beat, repeat, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

const superSaw = (cutoff: number, attack = 0.03) =>
  createAnalog({
    wave: 'saw',
    unison: 3,
    cents: 28,
    cutoff,
    touch: 0.4,
    envelope: { attack, decay: 0.8, sustain: 0.75, release: 0.5 },
  });

/** The same city after midnight: half the drums, an electric piano, a reed that sings. */
export function composeMidnightFerry(bpm: number): Score {
  const chords = harmonise('F#m9 Dmaj9 Bm9 C#m7 F#m9 Dmaj9 E6 C#7b9 Bm9 E9 Amaj9 Dmaj7#11 Bm9 C#7b9 F#m9', {
    low: 52,
    high: 74,
    voices: 4,
  });
  const reed = createAnalog({
    wave: 'reed',
    cutoff: 2400,
    resonance: 0.2,
    noise: 0.015,
    bend: { hertz: 4.8, cents: 24, delay: 0.35, slide: -0.9, slideSeconds: 0.12 },
    envelope: { attack: 0.05, decay: 0.5, sustain: 0.85, release: 0.3 },
  });
  const song = tune(
    `-:1 C#5:.5 E5 G#5:1.5 F#5:.5 | F#5:2.5 E5:.5 C#5:1 | D5:1.5 C#5:.5 B4:1 A4 | G#4:2.5 B4:.5 E5:1 |
     C#5:.5 E5 A5:1 G#5:1.5 F#5:.5 | F#5:1.5 E5:.5 C#5:1 A4 | B4:1.5 C#5:.5 E5:2 | F5:3 G#5:1 |
     B5!:1.5 A5:.5 F#5:1 D5 | E5:1.5 F#5:.5 G#5:2 | A5:1.5 G#5:.5 E5:1 C#5 | G#5:1.5 F#5:.5 E5:2`,
    { at: 8, velocity: 0.7, legato: 1.02 },
  );
  return arrange(
    {
      bpm,
      bars: 15,
      lufs: -14,
      reverb: { seconds: 3.4, damping: 0.3, predelay: 0.03 },
      delay: { beats: 0.75, feedback: 0.5, lowpass: 3000 },
      fadeOut: 4,
      tail: 3,
    },
    [
      part(
        'kick',
        createKick({ tune: 44, seconds: 0.4 }),
        beat('X.....x...o.....', { at: 8, bars: 13 }),
        { gain: -8 },
        TIGHT,
      ),
      part(
        'snare',
        createSnare({ tune: 160, seconds: 0.4, wires: 0.9 }),
        beat('........X.......', { at: 8, bars: 13 }),
        { gain: -10, reverb: 0.8 },
        TIGHT,
      ),
      part(
        'clap',
        createClap(),
        beat('........x.......', { at: 24, bars: 9 }),
        { gain: -16, width: 0.4, reverb: 0.5 },
        TIGHT,
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.045, tone: 0.3, bright: 8500 }),
        beat('x.ox.ox.x.ox.oxo', { at: 8, bars: 13, velocity: 0.8 }),
        { gain: -24, pan: -0.3, delay: 0.15 },
        TIGHT,
      ),
      part(
        'toms',
        createTom({ tune: 82, seconds: 0.6 }),
        repeat(beat('..............xx', { at: 20 }), 3, 16),
        { gain: -12, pan: 0.3, reverb: 0.7 },
      ),
      part(
        'bass',
        createAnalog({
          wave: 'square',
          sub: 0.6,
          cutoff: 300,
          resonance: 0.2,
          sweep: 0.8,
          envelope: { attack: 0.006, decay: 0.5, sustain: 0.7, release: 0.12 },
        }),
        bassline(chords, 'r..r...F r..rn..n'.slice(0, 8), { low: 30, length: 0.9 }),
        { gain: -10, drive: 0.4 },
        TIGHT,
      ),
      part(
        'electric piano',
        orchestra.electricPiano(),
        arpeggiate(chords, '0.23.1.3', { step: 0.5, length: 1.2, velocity: 0.6 }).concat(
          hold(chords, { velocity: 0.5, strum: 0.03 }),
        ),
        { gain: -14, chorus: 0.7, tremolo: { hertz: 3.1, depth: 0.35 }, reverb: 0.35, keyboard: 0.3 },
        HANDS,
      ),
      part('pad', superSaw(1100, 0.8), hold(chords, { velocity: 0.5 }), {
        gain: -24,
        width: 0.9,
        chorus: 0.6,
        reverb: 0.6,
        lowpass: [
          [0, 600],
          [30, 1500],
          [44, 3000],
          [60, 800],
        ],
      }),
      part(
        'reed',
        reed,
        song,
        { gain: -13, pan: 0.1, reverb: 0.5, delay: 0.35 },
        { timing: 0.018, velocity: 0.1 },
      ),
    ],
  );
}
