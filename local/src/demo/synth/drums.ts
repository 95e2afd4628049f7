import type { Random } from '../random.ts';
import type { Instrument } from '../score.ts';
import { filter } from './filter.ts';
import { fadeEnd, samples, SAMPLE_RATE } from './signal.ts';

/** A drum is struck in a few ways only; each is rendered once. */
function remember(strike: (velocity: number, random: Random) => Float32Array): Instrument {
  const takes = new Map<number, Float32Array>();
  return ({ velocity, random }) => {
    const take = Math.round(velocity * 5) * 4 + Math.floor(random() * 4);
    let sound = takes.get(take);
    if (!sound) {
      sound = strike(velocity, random);
      fadeEnd(sound);
      takes.set(take, sound);
    }
    return sound;
  };
}

function addNoise(out: Float32Array, level: number, seconds: number, random: Random, delay = 0): void {
  const fall = Math.exp(-3 / (seconds * SAMPLE_RATE));
  for (let i = samples(delay), now = level; i < out.length; i++, now *= fall)
    out[i]! += now * (random() * 2 - 1);
}

/** A sine that falls from one pitch to another: the skin of a drum. */
function addSkin(
  out: Float32Array,
  skin: { from: number; to: number; bend: number; seconds: number; level: number },
): void {
  const fall = Math.exp(-3 / (skin.seconds * SAMPLE_RATE));
  const bend = Math.exp(-3 / (skin.bend * SAMPLE_RATE));
  let above = skin.from - skin.to;
  let phase = 0;
  let level = skin.level;
  for (let i = 0; i < out.length; i++) {
    out[i]! += level * Math.sin(phase);
    phase += (2 * Math.PI * (skin.to + above)) / SAMPLE_RATE;
    above *= bend;
    level *= fall;
  }
}

function soften(out: Float32Array, drive: number): void {
  const scale = 1 / Math.tanh(drive);
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(out[i]! * drive) * scale;
}

export function createKick({ tune = 48, seconds = 0.35, click = 0.5, drive = 1.2 } = {}): Instrument {
  return remember((velocity, random) => {
    const out = new Float32Array(samples(seconds * 1.3));
    addNoise(out, click * velocity * 0.5, 0.006, random);
    addSkin(out, { from: tune * 4.5 * (0.7 + 0.3 * velocity), to: tune, bend: 0.07, seconds, level: 1 });
    soften(out, drive);
    return out;
  });
}

export function createSnare({ tune = 185, seconds = 0.22, wires = 0.7, dark = 0 } = {}): Instrument {
  return remember((velocity, random) => {
    const out = new Float32Array(samples(seconds * 1.4));
    addNoise(out, wires * (0.5 + 0.5 * velocity), seconds, random);
    filter(out, 'high', 900 - dark * 500, 0.2);
    if (dark > 0) filter(out, 'low', 9000 - dark * 5500, 0.1);
    addSkin(out, { from: tune * 1.5, to: tune, bend: 0.03, seconds: 0.13, level: 0.6 });
    addSkin(out, { from: tune * 2.2, to: tune * 1.78, bend: 0.03, seconds: 0.07, level: 0.28 });
    soften(out, 1.3);
    return out;
  });
}

export function createClap({ seconds = 0.22 } = {}): Instrument {
  return remember((_velocity, random) => {
    const out = new Float32Array(samples(seconds * 1.4));
    for (const delay of [0, 0.011, 0.021]) addNoise(out, 0.7, 0.012, random, delay + random() * 0.002);
    addNoise(out, 0.6, seconds, random, 0.03);
    filter(out, 'band', 1350, 0.55);
    for (let i = 0; i < out.length; i++) out[i]! *= 2.2;
    return out;
  });
}

const METAL = [205.3, 304.4, 369.6, 522.7, 800, 1143.5];

/** Hats, rides and crashes: six square waves out of tune with one another, and noise, without lows. */
export function createCymbal({ seconds = 0.06, tone = 0.5, bright = 7500, size = 1 } = {}): Instrument {
  return remember((velocity, random) => {
    const out = new Float32Array(samples(seconds * 1.6));
    addNoise(out, 1 - tone, seconds, random);
    const fall = Math.exp(-3 / (seconds * SAMPLE_RATE));
    for (const hertz of METAL) {
      const step = ((hertz * 5.1) / size / SAMPLE_RATE) * (1 + 0.004 * random());
      for (let i = 0, phase = random(), level = tone * 0.3; i < out.length; i++, level *= fall) {
        out[i]! += phase < 0.5 ? level : -level;
        phase = (phase + step) % 1;
      }
    }
    filter(out, 'high', bright * (1.15 - 0.25 * velocity), 0.3);
    return out;
  });
}

export function createTom({ tune = 110, seconds = 0.3, skin = 0.1 } = {}): Instrument {
  return remember((velocity, random) => {
    const out = new Float32Array(samples(seconds * 1.3));
    addNoise(out, skin * velocity, 0.02, random);
    addSkin(out, { from: tune * 1.6, to: tune, bend: 0.06, seconds, level: 0.9 });
    return out;
  });
}

/** Two hard tones: a rim shot or a clave. */
export function createRim({ tune = 1700, seconds = 0.035 } = {}): Instrument {
  return remember((_velocity, random) => {
    const out = new Float32Array(samples(seconds * 2));
    addSkin(out, { from: tune * 1.1, to: tune, bend: 0.004, seconds, level: 0.6 });
    addSkin(out, { from: tune * 0.31, to: tune * 0.29, bend: 0.004, seconds: seconds * 1.4, level: 0.4 });
    addNoise(out, 0.25, 0.008, random);
    return out;
  });
}

/** Grains in a box, or a brush on a skin when it is long and dark. */
export function createShaker({ seconds = 0.07, attack = 0.02, from = 4500, to = 11_000 } = {}): Instrument {
  return remember((_velocity, random) => {
    const out = new Float32Array(samples(seconds * 1.5 + attack));
    addNoise(out, 0.9, seconds, random);
    for (let i = 0; i < samples(attack); i++) out[i]! *= i / samples(attack);
    filter(out, 'high', from, 0.2);
    filter(out, 'low', to, 0.2);
    return out;
  });
}
