import { describe, expect, it } from '@jest/globals';

import { createMelStream } from './mel.ts';
import { hearSpeech } from './speech.ts';
import {
  babble,
  clicks,
  note,
  progression,
  randomFrom,
  sample,
  type Signal,
  sine,
} from './testing/signals.ts';

const FRONT_END = { sampleRate: 16_000, nFft: 1024, hop: 320, nMels: 64, fMin: 50, fMax: 7_600 };
const STRETCH = 4 * FRONT_END.sampleRate;

function hear(samples: Float32Array): number[] {
  const stretches = Array.from({ length: samples.length / STRETCH }, (_, i) =>
    samples.slice(i * STRETCH, (i + 1) * STRETCH),
  );
  return stretches.map((stretch) =>
    hearSpeech(createMelStream(FRONT_END)(stretch).energies, FRONT_END.nMels, 50),
  );
}

const random = randomFrom(5);
const chords = [
  [57, 60, 64],
  [53, 57, 60],
];
const noSpeech: [string, Signal][] = [
  ['silence', () => 0],
  ['a constant', () => 0.4],
  ['a tone', sine(440)],
  ['a note', note(57)],
  ['noise', () => random()],
  ['a drum', clicks(128)],
  ['chords', progression(chords, 0.5)],
  ['fast chords', progression(chords, 0.25)],
];

describe('hearSpeech', () => {
  it('hears syllables, in noise too, and at any level', () => {
    const voice = babble(20);
    expect(hear(voice).filter((score) => score <= 0)).toEqual([]);
    expect(hear(voice.map((value) => 0.01 * value)).filter((score) => score <= 0)).toEqual([]);
    expect(hear(voice.map((value) => value + 0.003 * random())).filter((score) => score <= 0)).toEqual([]);
  });

  it.each(noSpeech)('hears no speech in %s', (_name, signal) => {
    expect(hear(sample(8, signal)).filter((score) => score > 0)).toEqual([]);
  });

  it('needs no particular rate of frames', () => {
    const { energies } = createMelStream({ ...FRONT_END, hop: 160 })(babble(4));
    expect(hearSpeech(energies, FRONT_END.nMels, 100)).toBeGreaterThan(0);
  });
});
