import type { Note, Score } from '../score.ts';
import { createPulse, createShiftNoise, createStepTriangle } from '../synth/chip.ts';
import { arrange, part } from './arrange.ts';
import { arpeggiate, bassline, harmonise } from './harmony.ts';
import { beat, shift, touch, tune } from './notation.ts';

const CHIP_ROOM = { lufs: -14, reverb: { seconds: 0.5, damping: 0.5 }, fadeOut: 0.8, tail: 1.2 };

/** What a console has: two pulses, a triangle and noise, and an echo made of the second pulse. */
function playOnChip(
  tunes: { lead: Note[]; second: Note[]; bass: Note[]; kick: Note[]; snare: Note[]; hat: Note[] },
  { duty = 0.25, arpeggio = [0] as readonly number[], echoBeats = 0.75 } = {},
) {
  const lead = createPulse({ duty, fall: 0.9, vibrato: 0.22 });
  return [
    part('lead', lead, tunes.lead, { gain: -12, pan: -0.12, reverb: 0.08 }),
    part('echo', lead, touch(shift(tunes.lead, echoBeats), 0.45), { gain: -14, pan: 0.5 }),
    part('second', createPulse({ duty: 0.125, fall: 0.4, arpeggio }), tunes.second, { gain: -17, pan: 0.35 }),
    part('bass', createStepTriangle(), tunes.bass, { gain: -9.5 }),
    part('kick', createShiftNoise({ clock: 3500, fall: 0.07 }), tunes.kick, { gain: -13 }),
    part('snare', createShiftNoise({ clock: 15_000, fall: 0.14 }), tunes.snare, {
      gain: -16,
      pan: 0.1,
      reverb: 0.1,
    }),
    part('hat', createShiftNoise({ clock: 44_000, fall: 0.03 }), tunes.hat, { gain: -23, pan: -0.2 }),
  ];
}

/** A platform game's first level: all leaps and sunshine. */
export function composeLeap(bpm: number): Score {
  const chords = harmonise('C G/B Am F C/E F G C | F G Em Am F G Ab Bb | C G/B Am F', {
    low: 60,
    high: 79,
    voices: 3,
  });
  const theme = tune(
    `G5:.5 C6 -:.5 C6 B5 C6 D6:1 | B5:.5 G5 -:.5 G5 A5 B5 G5:1 | C6:.5 A5 E5 A5 C6:.75 B5:.25 A5:1 | A5:.5 F5 A5 C6 F6:1 E6:.5 D6 |
     E6:.5 C6 -:.5 G5 E6 D6 C6:1 | D6:.5 C6 A5 F5 A5:1 C6:1 | B5:.5 G5 B5 D6 G6:1 F6:.5 D6 | C6:1.5 -:.5 C6:.5 E6 G6:1`,
    { velocity: 0.8, legato: 0.8 },
  );
  const chorusTune = tune(
    `A5:.75 C6 F6:.5 E6:1 C6 | B5:.75 D6 G6:.5 F6:1 D6 | G5:.75 B5 E6:.5 D6:1 B5 | C6:1 B5:.5 A5 E6:2 |
     A5:.75 C6 F6:.5 A6:1 F6 | G6:.75 F6 D6:.5 B5:1 G5 | Ab5:.5 C6 Eb6 Ab6 G6 Eb6 C6:1 | Bb5:.5 D6 F6 Bb6 A6 F6 D6:1`,
    { at: 32, velocity: 0.85, legato: 0.85 },
  );
  const home = tune(
    'E6:.5 G6 -:.5 G6 F6 E6 D6:1 | D6:.5 B5 -:.5 G5 B5 D6 G6:1 | E6:.5 C6 A5 C6 E6:.75 D6:.25 C6:1 | A5:.5 C6 F6 A6 G6 E6 C6:1',
    { at: 64, velocity: 0.85, legato: 0.8 },
  );
  const parts = playOnChip({
    lead: [...theme, ...chorusTune, ...home],
    second: arpeggiate(chords, '0121 0121', { length: 0.22, velocity: 0.6 }),
    bass: bassline(chords, 'rRfRrRfn', { low: 36, length: 0.42 }),
    kick: beat('x.....x.x.......', { bars: 20 }),
    snare: [...beat('....x.......x..o', { bars: 19 }), ...beat('....x...x.x.xxxx', { at: 76 })],
    hat: beat('x.x.x.xxx.x.x.xx', { bars: 20 }),
  });
  return arrange({ bpm, bars: 20, ...CHIP_ROOM, lufs: -13.5 }, parts);
}

/** The boss of level three: harmonic minor at a gallop, runs, and a trill before it breathes fire. */
export function composeBoss(bpm: number): Score {
  const chords = harmonise('Dm:8 Bb:4 A7 Dm:8 Gm:4 A7 | Bb C F A7 Gm Dm A7:8 | Dm:8 Eb:4 A7 Dm:4 Gm A7 Dm', {
    low: 57,
    high: 76,
    voices: 3,
  });
  const gallop = tune(
    'D5:.5 D5:.25 D5 A5:.5 D5:.25 D5 Bb5:.5 A5 G5 F5 | E5:.5 F5:.25 E5 D5:.5 C#5 D5:1 A4:.5 C#5',
    { velocity: 0.82, legato: 0.75 },
  );
  const answer = tune(
    'Bb5:.25 A5 G5 F5 G5 F5 E5 D5 F5:.5 G5 A5 Bb5 | A5:.25 Bb5 A5 G#5 A5:.5 E5 C#5 E5 G5 Bb5',
    { at: 8, velocity: 0.82, legato: 0.75 },
  );
  const fall = tune(
    'Bb5:.25 A5 G5 F5 G5 F5 E5 D5 Bb4:.5 D5 G5 Bb5 | A5:.25 C#6 E6 C#6 A5:.5 G5 E5 C#5 A4:1',
    { at: 8, velocity: 0.82, legato: 0.75 },
  );
  const bridge = tune(
    `F6:1.5 D6:.5 Bb5:1 F5 | E6:1.5 C6:.5 G5:1 E5 | C6:.5 A5 F5 A5 C6 D6 E6 F6 | E6:1 C#6 A5:.5 G5 E5 C#5 |
     D6:1.5 Bb5:.5 G5:1 D6 | A5:1.5 F5:.5 D5:1 F5 | A5:.25 Bb5 A5 Bb5 A5 Bb5 A5 Bb5 A5 Bb5 A5 Bb5 A5 G5 F5 E5 | C#5 E5 G5 Bb5 A5 G5 E5 C#5 A4:.5 C#5 E5 A5`,
    { at: 32, velocity: 0.85, legato: 0.85 },
  );
  const last = tune(
    `D6:.5 D6:.25 D6 A6:.5 D6:.25 D6 Bb6:.5 A6 G6 F6 | E6:.5 F6:.25 E6 D6:.5 C#6 D6:1 A5:.5 C#6 | Eb6:.5 G6 Bb6 G6 Eb6 D6 C6 Bb5 | A5:.25 C#6 E6 G6 A6 G6 E6 C#6 A5:.5 G5 E5 C#5 |
     D5:.5 F5 A5 D6 F6 D6 A5 F5 | G5 Bb5 D6 G6 Bb6 G6 D6 Bb5 | A6:.25 G6 F6 E6 F6 E6 D6 C#6 D6 C#6 Bb5 A5 G5 F5 E5 C#5 | D5!:.5 A4 D5 F5 D6:2`,
    { at: 64, velocity: 0.88, legato: 0.75 },
  );
  const parts = playOnChip(
    {
      lead: [...gallop, ...answer, ...shift([...gallop, ...fall], 16), ...bridge, ...last],
      second: arpeggiate(chords, '0000 1000 2000 1000', { length: 0.2, velocity: 0.62 }),
      bass: bassline(chords, 'r.rr r.rr r.rr R.fn', { low: 38, step: 0.25, length: 0.22 }),
      kick: beat('x..xx..xx..xx.xx', { bars: 24 }),
      snare: beat('....X.......X.oo', { bars: 24 }),
      hat: beat('x,o,x,o,x,o,x,o,', { bars: 24 }),
    },
    { duty: 0.5, echoBeats: 0.5, arpeggio: [0, 12] },
  );
  return arrange({ bpm, bars: 24, ...CHIP_ROOM, lufs: -12.5 }, parts);
}

/** A place to rest: a slow waltz in broken chords. */
export function composeSavePoint(bpm: number): Score {
  const chords = harmonise('G:3 D/F# Em C G/B Am7 D7sus4 D7 G D/F# Em C Am7 D7 G G', {
    low: 62,
    high: 79,
    voices: 3,
  });
  const lead = tune(
    `D5:2 G5:1 | F#5:2 D5:1 | E5:1 G5 B5 | A5:1.5 G5:.5 E5:1 | D5:2 B4:1 | C5:1 E5 A5 | G5:3 | F#5:2 A5:1 |
     B5:2 D6:1 | A5:2 F#5:1 | G5:1 B5 E6 | D6:1.5 C6:.5 G5:1 | E5:1 A5 C6 | B5:1 A5 F#5 | G5:3 | D5:1 B4 G4`,
    { velocity: 0.7, legato: 0.95 },
  );
  const parts = playOnChip(
    {
      lead,
      second: arpeggiate(chords, '012345 432101', { step: 0.25, length: 0.24, velocity: 0.5 }),
      bass: bassline(chords, 'r.f', { low: 43, step: 1, length: 0.9, velocity: 0.7 }),
      kick: [],
      snare: [],
      hat: beat('....x...x...', { bars: 14, at: 6, velocity: 0.5 }),
    },
    { duty: 0.5, echoBeats: 1 },
  );
  return arrange(
    {
      bpm,
      bars: 16,
      beatsPerBar: 3,
      ...CHIP_ROOM,
      reverb: { seconds: 1.4, damping: 0.3 },
      lufs: -17,
      fadeOut: 2,
      tail: 2,
    },
    parts,
  );
}
