import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createCymbal, createKick, createRim, createShaker, createSnare, createTom } from '../synth/drums.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, HANDS, part, TIGHT } from './arrange.ts';
import { arpeggiate, bassline, comp, harmonise, hold } from './harmony.ts';
import { beat, between, repeat, shift, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

/** Dub: one drop, a bass that carries the song, everything else appears, echoes and goes. */
export function composeLowTide(bpm: number): Score {
  const chords = harmonise('Am:4 Am Dm7 Em7 Am Am Dm7 Em7 Am Fmaj7 Dm7 Em7 Am Am', {
    low: 57,
    high: 74,
    voices: 3,
  });
  const riff = tune(
    'A1:.75 A1:.25 -:.5 C2 E2:.5 -:.5 D2:.5 C2 | A1:.75 G1:.25 -:.5 A1 -:.5 E1:.5 G1:.5 G#1',
    { velocity: 0.85, legato: 0.9 },
  );
  const turn = tune(
    'D2:.75 D2:.25 -:.5 F2 A2:.5 -:.5 F2:.5 D2 | E2:.75 E2:.25 -:.5 G2 B2:.5 -:.5 G2:.5 G#1',
    { velocity: 0.85, legato: 0.9 },
  );
  const chorusBass = tune(
    'A1:.75 A1:.25 -:.5 C2 E2:.5 -:.5 D2:.5 C2 | F1:.75 F1:.25 -:.5 A1 C2:.5 -:.5 A1:.5 C2',
    { velocity: 0.85, legato: 0.9 },
  );
  const bass = [
    ...riff,
    ...shift(turn, 8),
    ...shift(riff, 16),
    ...shift(turn, 24),
    ...shift(chorusBass, 32),
    ...shift(turn, 40),
    ...shift(riff, 48),
  ];
  const melodica = createAnalog({
    wave: 'reed',
    cutoff: 1900,
    noise: 0.03,
    resonance: 0.2,
    bend: { hertz: 4.6, cents: 20, delay: 0.25, slide: -0.5, slideSeconds: 0.06 },
    envelope: { attack: 0.04, decay: 0.4, sustain: 0.8, release: 0.12 },
  });
  const song = tune(
    `-:.5 E5 A5 C6 B5:1 A5:.5 E5 | G5:1.5 E5:.5 -:2 | -:.5 F5 A5 D6 C6:1 A5:.5 F5 | G5:.75 F#5:.25 E5:1 -:2 |
     C6:1 B5:.5 A5 E5:1 -:1 | -:.5 A5 C6 E6 F6:1 E6:.5 C6 | D6:1.5 C6:.5 A5:1 F5 | E5:.5 G5 B5 D6 B5:2`,
    { at: 16, velocity: 0.72 },
  );
  const organ = createAnalog({
    wave: 'organ',
    cutoff: 1700,
    envelope: { attack: 0.004, decay: 0.2, sustain: 0.7, release: 0.05 },
  });
  return arrange(
    {
      bpm,
      bars: 14,
      lufs: -14,
      swing: 0.14,
      swingUnit: 0.25,
      reverb: { seconds: 3, damping: 0.3 },
      delay: { beats: 0.75, feedback: 0.66, lowpass: 1900 },
      fadeOut: 4,
      tail: 3,
    },
    [
      part(
        'bass',
        createAnalog({
          wave: 'triangle',
          sub: 0.5,
          cutoff: 330,
          resonance: 0.15,
          touch: 0.5,
          envelope: { attack: 0.008, decay: 0.8, sustain: 0.7, release: 0.07 },
        }),
        bass,
        {
          gain: -6,
          drive: 0.5,
          fade: [
            [0, 1],
            [40, 1],
            [48, 1],
            [56, 0.8],
          ],
        },
        { timing: 0.006, velocity: 0.06 },
      ),
      part(
        'kick',
        createKick({ tune: 50, seconds: 0.3, click: 0.3 }),
        beat('........X.......', { at: 4, bars: 13 }),
        { gain: -7.5, reverb: 0.05 },
        TIGHT,
      ),
      part(
        'rim',
        createRim({ tune: 1250, seconds: 0.05 }),
        [
          ...beat('........X.......', { at: 4, bars: 13 }),
          ...beat('...........x..x.', { at: 12, bars: 1 }),
          ...beat('......x..x..x...', { at: 44 }),
        ],
        {
          gain: -13,
          reverb: 0.35,
          delay: [
            [0, 0],
            [11, 0],
            [12, 0.9],
            [16, 0.1],
            [43, 0.1],
            [44, 1],
            [48, 0.5],
          ],
        },
        TIGHT,
      ),
      part(
        'snare',
        createSnare({ tune: 190, seconds: 0.2 }),
        [
          ...beat('X', { at: 15.5 }),
          ...beat('X', { at: 31.75 }),
          ...beat('X..X', { at: 47 }),
          ...beat('X', { at: 55.5 }),
        ],
        { gain: -12, delay: 0.9, reverb: 0.7 },
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.05, tone: 0.3, bright: 7800 }),
        beat('x.o,x.o.x.o,x.oo', { at: 0, bars: 14 }),
        { gain: -23, pan: 0.3, delay: 0.06 },
        HANDS,
      ),
      part(
        'guitar',
        orchestra.steelGuitar(),
        comp(chords, '..X...X...X...X.', { length: 0.13, velocity: 0.8, strum: 0.015 }),
        {
          gain: -10,
          pan: -0.35,
          highpass: 350,
          reverb: 0.25,
          delay: [
            [0, 0.05],
            [12, 0.05],
            [14, 0.8],
            [16, 0.05],
            [28, 0.05],
            [31, 0.9],
            [32, 0],
            [46, 0.1],
            [48, 0.9],
            [56, 0.9],
          ],
          fade: [
            [0, 1],
            [32, 1],
            [32.1, 0.15],
            [40, 0.15],
            [40.1, 1],
          ],
        },
        TIGHT,
      ),
      part(
        'bubble',
        organ,
        comp(chords, '..xo ..xo ..xo ..xo', { length: 0.18, velocity: 0.6 }),
        {
          gain: -19,
          pan: 0.3,
          highpass: 200,
          chorus: 0.5,
          reverb: 0.2,
          fade: [
            [0, 0],
            [8, 0],
            [8.1, 1],
            [48, 1],
            [52, 0],
          ],
        },
        HANDS,
      ),
      part(
        'melodica',
        melodica,
        song,
        { gain: -13, pan: 0.08, reverb: 0.4, delay: 0.5 },
        { timing: 0.02, velocity: 0.1 },
      ),
      part(
        'wave',
        createWind({ octaves: 0.8, rate: 0.23, resonance: 0.2 }),
        [
          { at: 0, beats: 12, pitch: 80, velocity: 0.7 },
          { at: 46, beats: 8, pitch: 80, velocity: 0.7 },
        ],
        { gain: -29, width: 0.9, reverb: 0.3 },
      ),
    ],
  );
}

/** A break of two bars in its three voices, the second bar chopped. */
const BREAK = {
  kick: 'x.x.......xx....|x.x.......x....x',
  snare: '....X..,.,..X..,|....X..,.,....X.',
  ride: 'x.x.x.x.x.x.x.x.|x.x.x.x.x.x.x.xo',
};
const CHOPPED = { kick: 'x..x..x...x.x...|x.x...x...xx....', snare: '..,.X.,X.,..X.,.|....X..X.x.XX.XX' };

/** Jungle: a broken break, a bass that growls, a stab from the rave, half a minute without a rest. */
export function composeRewind(bpm: number): Score {
  const reese = createAnalog({
    wave: 'saw',
    unison: 3,
    cents: 46,
    sub: 0.7,
    cutoff: 380,
    resonance: 0.3,
    sweep: 0.8,
    sweepSeconds: 0.5,
    envelope: { attack: 0.006, decay: 0.6, sustain: 0.8, release: 0.06 },
  });
  const bassA = tune(
    'G1:1.5 G1:.5 -:.5 Bb1 F1:1 | G1:2.5 D2:.5 C2:.5 Bb1 | Eb1:1.5 Eb1:.5 -:.5 G1 Bb1:1 | F1:1.5 A1:.5 C2:1 F#1:1',
    { velocity: 0.8 },
  );
  const chords = harmonise('Gm9:8 Ebmaj9:4 F6', { low: 58, high: 77, voices: 4 });
  const stab = createAnalog({
    wave: 'saw',
    unison: 3,
    cents: 14,
    cutoff: 1500,
    resonance: 0.3,
    sweep: 1.6,
    sweepSeconds: 0.16,
    envelope: { attack: 0.003, decay: 0.22, sustain: 0.2, release: 0.16 },
  });
  const vocalish = tune('-:2 D6:.5 C6 Bb5 G5 | -:4 | -:2 Bb5:.5 C6 D6 F6 | D6:1.5 C6:.5 A5:2', {
    velocity: 0.7,
  });
  const play = (pattern: string, from: number, times: number) => beat(pattern, { at: from, bars: times });
  const kicks = [...play(BREAK.kick, 16, 4), ...play(CHOPPED.kick, 48, 2), ...play(BREAK.kick, 80, 4)];
  const snares = [
    ...play(BREAK.snare, 16, 3),
    ...play(CHOPPED.snare, 40, 3),
    ...play(BREAK.snare, 80, 3),
    ...play(CHOPPED.snare, 104, 1),
  ];
  return arrange(
    {
      bpm,
      bars: 28,
      lufs: -11.5,
      swing: 0.06,
      swingUnit: 0.25,
      reverb: { seconds: 1.9, damping: 0.35 },
      delay: { beats: 0.75, feedback: 0.5, lowpass: 3200 },
      ducking: kicks.filter(({ velocity }) => velocity > 0.7).map(({ at }) => at),
      fadeOut: 2.5,
      tail: 2,
    },
    [
      part(
        'kick',
        createKick({ tune: 56, seconds: 0.2, click: 0.8, drive: 1.8 }),
        kicks,
        { gain: -7, drive: 0.6 },
        TIGHT,
      ),
      part(
        'snare',
        createSnare({ tune: 215, seconds: 0.17, wires: 0.8 }),
        snares,
        { gain: -8, drive: 0.7, reverb: 0.14 },
        { timing: 0.004, velocity: 0.12 },
      ),
      part(
        'ride',
        createCymbal({ seconds: 0.16, tone: 0.4, bright: 6000, size: 1.1 }),
        [...play(BREAK.ride, 16, 6), ...play(BREAK.ride, 80, 4)],
        { gain: -19, pan: 0.2, drive: 0.5 },
        { timing: 0.004, velocity: 0.2 },
      ),
      part(
        'tops',
        createShaker({ seconds: 0.04 }),
        play('o.x.o.xoo.x.o.xo', 0, 28),
        {
          gain: -23,
          pan: -0.4,
          lowpass: [
            [0, 900],
            [15, 9000],
            [112, 9000],
          ],
        },
        TIGHT,
      ),
      part(
        'bass',
        reese,
        shift(repeat(bassA, 6, 16), 16).filter(({ at }) => at < 64 || at >= 80),
        {
          gain: -8.5,
          duck: 0.35,
          drive: 1.1,
          lowpass: [
            [16, 500],
            [46, 1600],
            [64, 400],
            [80, 900],
            [110, 2600],
          ],
        },
        TIGHT,
      ),
      part(
        'stab',
        stab,
        repeat(
          comp(chords, 'x..x....|....x...|x..x..x.|........', { step: 0.5, length: 0.3, velocity: 0.75 }),
          7,
          16,
        ),
        {
          gain: -17.5,
          pan: 0.15,
          highpass: 250,
          delay: 0.4,
          reverb: 0.35,
          lowpass: [
            [0, 600],
            [16, 3500],
            [64, 1200],
            [79, 7000],
            [112, 2500],
          ],
        },
        TIGHT,
      ),
      part('pad', orchestra.warmPad(1400), hold(chordsOver(chords, 7), { velocity: 0.5 }), {
        gain: -25,
        width: 0.9,
        highpass: 250,
        reverb: 0.5,
        fade: [
          [0, 1.3],
          [16, 0.6],
          [60, 0.6],
          [66, 1.6],
          [80, 0.6],
        ],
      }),
      part('call', orchestra.glassBell(), shift(repeat(vocalish, 4, 16), 32), {
        gain: -17,
        pan: -0.2,
        delay: 0.6,
        reverb: 0.5,
      }),
      part(
        'tom',
        createTom({ tune: 120, seconds: 0.25 }),
        beat('x.x.xx.xx.xxxxxx', { at: 76 }),
        { gain: -13, pan: 0.3, reverb: 0.4, delay: 0.3 },
        TIGHT,
      ),
    ],
  );
}

function chordsOver(chords: ReturnType<typeof harmonise>, times: number) {
  const length = chords.reduce((sum, { beats }) => sum + beats, 0);
  return Array.from({ length: times }, (_, i) =>
    chords.map((harmony) => ({ ...harmony, at: harmony.at + i * length })),
  ).flat();
}

/** Liquid: the same speed with its shoulders down; long chords, a rolling two-step, a piano that floats. */
export function composeLiquidMaps(bpm: number): Score {
  const round = harmonise('Dbmaj9:8 Ab/C Bbm9 Gbmaj9', { low: 56, high: 75, voices: 4 });
  const chords = chordsOver(round, 4).filter(({ at }) => at < 112);
  const melody = tune(
    `F5:3 Ab5:1 C6:3 Bb5:1 | Ab5:4 Eb5:3 F5:1 | Db6:3 C6:1 Ab5:2 F5 | Bb5:4 Ab5:2 F5:1 Eb5 |
     F5:3 Ab5:1 C6:2 Eb6 | Eb6:3 C6:1 Ab5:2 Bb5 | Db6:2 F6 Eb6:2 C6 | Bb5:3 Ab5:1 F5:4`,
    { at: 32, velocity: 0.66, legato: 1.05 },
  );
  const bars = (pattern: string, from: number, to: number, velocity = 1) =>
    beat(pattern, { at: from * 4, bars: to - from, velocity });
  const kicks = bars('X.........x.....', 8, 27);
  return arrange(
    {
      bpm,
      bars: 28,
      lufs: -13,
      reverb: { seconds: 3, damping: 0.3 },
      delay: { beats: 1.5, feedback: 0.45, lowpass: 3600 },
      ducking: kicks.map(({ at }) => at),
      fadeIn: 0.4,
      fadeOut: 4,
      tail: 3,
    },
    [
      part('kick', createKick({ tune: 52, seconds: 0.24, click: 0.6 }), kicks, { gain: -7 }, TIGHT),
      part(
        'snare',
        createSnare({ tune: 195, seconds: 0.2, wires: 0.7 }),
        [
          ...bars('....X..,.,..X...', 8, 15),
          ...bars('....X..,.,..X.ox', 15, 16),
          ...bars('....X..,.,..X..,', 16, 26),
        ],
        { gain: -10, reverb: 0.22 },
        TIGHT,
      ),
      part(
        'hats',
        createCymbal({ seconds: 0.045, tone: 0.3, bright: 8200 }),
        bars('o,xo o,xo o,xo o,xo', 4, 27),
        { gain: -22, pan: 0.25 },
        { timing: 0.003, velocity: 0.18 },
      ),
      part(
        'shaker',
        createShaker({ seconds: 0.05 }),
        bars('x.o.x.o.x.o.x.oo', 12, 26, 0.8),
        { gain: -24, pan: -0.35 },
        TIGHT,
      ),
      part(
        'sub',
        orchestra.subBass(),
        bassline(
          chords.filter(({ at }) => at >= 32),
          'r....r..r..f..n.',
          { low: 29, step: 0.5, length: 1.3, velocity: 0.8 },
        ),
        { gain: -7, duck: 0.4, drive: 0.4 },
        TIGHT,
      ),
      part('pad', orchestra.warmPad(1700), hold(chords, { velocity: 0.55 }), {
        gain: -20,
        width: 0.9,
        duck: 0.5,
        chorus: 0.5,
        highpass: 200,
        reverb: 0.6,
        lowpass: [
          [0, 500],
          [30, 3500],
          [64, 2200],
          [100, 4000],
          [112, 900],
        ],
      }),
      part(
        'electric piano',
        orchestra.electricPiano(),
        arpeggiate(chords, '0.2.3..1 ..3.2.4.', { step: 0.5, length: 1.4, velocity: 0.55 }),
        { gain: -13, chorus: 0.6, keyboard: 0.4, delay: 0.3, reverb: 0.4, duck: 0.2 },
        HANDS,
      ),
      part(
        'piano',
        orchestra.grandPiano(),
        melody,
        { gain: -8.5, keyboard: 0.3, delay: 0.25, reverb: 0.4 },
        { timing: 0.008, velocity: 0.1 },
      ),
      part('choir', orchestra.strings(0.6), between(melody, 64, 96), {
        gain: -22,
        width: 0.6,
        reverb: 0.7,
        lowpass: 3500,
      }),
      part(
        'riser',
        createWind({ octaves: 0.4, rate: 0.2 }),
        [{ at: 16, beats: 15, pitch: 96, velocity: 0.8 }],
        {
          gain: -30,
          width: 0.9,
          reverb: 0.4,
          fade: [
            [16, 0],
            [31.5, 1.6],
            [32, 0],
          ],
        },
      ),
    ],
  );
}
