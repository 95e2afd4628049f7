import type { Score } from '../score.ts';
import { createAnalog } from '../synth/analog.ts';
import { createKick } from '../synth/drums.ts';
import { createWind } from '../synth/texture.ts';
import { arrange, part } from './arrange.ts';
import { arpeggiate, harmonise, hold } from './harmony.ts';
import { beat, tune } from './notation.ts';
import { orchestra } from './orchestra.ts';

/** Dark and wide: a low fifth, a slow heart, bowed metal, an arpeggio that comes out of the fog. */
export function composePolarNight(bpm: number): Score {
  const chords = harmonise('C#m:8 Amaj7/C# | C#m F#m/C# | D/C# C#m:4 C#5', { low: 49, high: 73, voices: 3 });
  const arp = arpeggiate(chords, '0120 2101 0210 1202', {
    step: 0.5,
    length: 0.45,
    velocity: 0.6,
    octave: 1,
  });
  const glass = createAnalog({
    wave: 'triangle',
    cutoff: 2200,
    resonance: 0.5,
    sweep: 1.5,
    sweepSeconds: 0.25,
    envelope: { attack: 0.004, decay: 0.3, sustain: 0.15, release: 0.5 },
  });
  const lament = tune(
    '-:8 | G#4:5 A4:1 G#4:2 | F#4:3 E4:1 C#4:4 | C#5:4 B4:1 A4:3 | A4:3 F#4:1 D4:4 | E4:3 D4:1 C#4:4',
    { velocity: 0.55 },
  );
  return arrange(
    {
      bpm,
      bars: 12,
      reverb: { seconds: 8, damping: 0.45, predelay: 0.06 },
      delay: { beats: 0.75, feedback: 0.62, lowpass: 1700 },
      lufs: -18,
      fadeIn: 2,
      fadeOut: 5,
      tail: 5,
    },
    [
      part(
        'drone',
        createAnalog({
          wave: 'saw',
          unison: 3,
          cents: 12,
          cutoff: 260,
          resonance: 0.4,
          sub: 0.5,
          envelope: { attack: 3, decay: 2, sustain: 1, release: 4 },
        }),
        tune('C#2+G#2:24 C#2+G#2:24', { velocity: 0.6 }),
        {
          gain: -14,
          width: 0.35,
          drive: 0.6,
          lowpass: [
            [0, 160],
            [30, 620],
            [48, 180],
          ],
          reverb: 0.25,
        },
      ),
      part('strings', orchestra.strings(1.6), hold(chords, { velocity: 0.5 }), {
        gain: -14,
        width: 0.7,
        lowpass: 3400,
        highpass: 180,
        reverb: 0.8,
        chorus: 0.4,
      }),
      part(
        'arpeggio',
        glass,
        arp,
        {
          gain: -10,
          pan: -0.3,
          lowpass: [
            [0, 250],
            [12, 400],
            [34, 5200],
            [48, 600],
          ],
          delay: 0.7,
          reverb: 0.5,
          tremolo: { hertz: 0.13, depth: 0.7 },
        },
        { timing: 0.004, velocity: 0.2 },
      ),
      part(
        'lament',
        orchestra.flute(),
        lament,
        { gain: -13, pan: 0.2, reverb: 0.95, delay: 0.3, lowpass: 3000 },
        { timing: 0.04, velocity: 0.1 },
      ),
      part(
        'heart',
        createKick({ tune: 38, seconds: 0.7, click: 0.05, drive: 0.9 }),
        beat('x..o............', { bars: 12, velocity: 0.8 }),
        {
          gain: -11,
          lowpass: 400,
          reverb: 0.35,
          fade: [
            [0, 0],
            [8, 0],
            [16, 1],
          ],
        },
      ),
      part(
        'wind',
        createWind({ octaves: 1, rate: 0.07, resonance: 0.8 }),
        [{ at: 0, beats: 48, pitch: 69, velocity: 0.8 }],
        { gain: -25, width: 0.95, reverb: 0.4 },
      ),
    ],
  );
}
