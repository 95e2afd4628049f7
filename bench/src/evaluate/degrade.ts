import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { FFMPEG } from './pieces.ts';

const RATE = 16_000;

export interface Takes {
  /** What is heard and one second more. */
  readonly clip: Float32Array;
  readonly samples: number;
  readonly chance: () => number;
  /** Voices that talk at once, as long as the clip; null where none are installed. */
  readonly babble: Float32Array | null;
}

export type Degrade = (takes: Takes) => Promise<Float32Array | null> | Float32Array | null;

/** The thirteen conditions that a clip is heard under. */
export const CONDITIONS: Readonly<Record<string, Degrade>> = {
  clean: plain,
  'white noise 10 dB': (takes) => mix(plain(takes), whiteNoise(takes), 10),
  'white noise 0 dB': (takes) => mix(plain(takes), whiteNoise(takes), 0),
  'babble 10 dB': (takes) => takes.babble && mix(plain(takes), takes.babble, 10),
  'babble 5 dB': (takes) => takes.babble && mix(plain(takes), takes.babble, 5),
  'babble 0 dB': (takes) => takes.babble && mix(plain(takes), takes.babble, 0),
  'speed +2 %': (takes) => faster(takes, 1.02),
  'speed +5 %': (takes) => faster(takes, 1.05),
  'phone band': (takes) => lowPass(highPass(plain(takes), 300), 3_400).map((value) => 0.3 * value),
  reverb: (takes) => reverberate(plain(takes), takes.chance),
  'mp3 48k': (takes) => code(plain(takes), ['-c:a', 'libmp3lame', '-b:a', '48k'], 'mp3'),
  'opus 16k': (takes) => code(plain(takes), ['-c:a', 'libopus', '-b:a', '16k'], 'ogg'),
  'room microphone': (takes) => {
    if (!takes.babble) return null;
    const room = lowPass(highPass(reverberate(plain(takes), takes.chance), 150), 6_000);
    return code(mix(room, takes.babble, 5), ['-c:a', 'libopus', '-b:a', '32k'], 'ogg');
  },
};

function plain({ clip, samples }: Takes): Float32Array {
  return clip.slice(0, samples);
}

/** Box–Muller. */
function whiteNoise({ samples, chance }: Takes): Float32Array {
  return Float32Array.from(
    { length: samples },
    () => Math.sqrt(-2 * Math.log(chance() + 1e-12)) * Math.cos(2 * Math.PI * chance()),
  );
}

function mix(signal: Float32Array, noise: Float32Array, decibels: number): Float32Array {
  const gain = rms(signal) / rms(noise) / 10 ** (decibels / 20);
  return signal.map((value, i) => value + gain * noise[i]!);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length) + 1e-9;
}

/** Tempo and pitch alike, as of a record that turns too fast. */
function faster({ clip, samples }: Takes, speed: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => {
    const at = Math.floor(i * speed);
    const share = i * speed - at;
    return clip[at]! * (1 - share) + (clip[at + 1] ?? 0) * share;
  });
}

/** Second-order Butterworth filters (R. Bristow-Johnson's cookbook). */
function highPass(samples: Float32Array, hertz: number): Float32Array {
  const { cos, alpha, scale } = corner(hertz);
  return filter(samples, [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2, -2 * cos, 1 - alpha].map(scale));
}

function lowPass(samples: Float32Array, hertz: number): Float32Array {
  const { cos, alpha, scale } = corner(hertz);
  return filter(samples, [(1 - cos) / 2, 1 - cos, (1 - cos) / 2, -2 * cos, 1 - alpha].map(scale));
}

function corner(hertz: number) {
  const angle = (2 * Math.PI * hertz) / RATE;
  const alpha = Math.sin(angle) / Math.SQRT2;
  return { cos: Math.cos(angle), alpha, scale: (value: number) => value / (1 + alpha) };
}

function filter(samples: Float32Array, coefficients: readonly number[]): Float32Array {
  const [b0 = 0, b1 = 0, b2 = 0, a1 = 0, a2 = 0] = coefficients;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

/** 800 echoes that fade by 60 dB in half a second. */
function reverberate(samples: Float32Array, chance: () => number): Float32Array {
  const length = RATE / 2;
  const wet = samples.slice();
  for (let echo = 0; echo < 800; echo++) {
    const delay = 1 + Math.floor(chance() * (length - 1));
    const normal = Math.sqrt(-2 * Math.log(chance() + 1e-12)) * Math.cos(2 * Math.PI * chance());
    const gain = 0.06 * normal * 10 ** ((-3 * delay) / length) * Math.sqrt(length / 800);
    for (let i = delay; i < wet.length; i++) wet[i]! += gain * samples[i - delay]!;
  }
  return wet;
}

/** Through a codec and back. */
async function code(samples: Float32Array, codec: readonly string[], format: string): Promise<Float32Array> {
  const raw = ['-f', 'f32le', '-ar', String(RATE), '-ac', '1'];
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const coded = await ffmpeg(bytes, [...raw, '-i', 'pipe:0', ...codec, '-f', format, 'pipe:1']);
  const decoded = await ffmpeg(coded, ['-f', format, '-i', 'pipe:0', ...raw, 'pipe:1']);
  const heard = new Float32Array(samples.length);
  heard.set(new Float32Array(new Uint8Array(decoded).buffer).subarray(0, samples.length));
  return heard;
}

async function ffmpeg(input: Uint8Array, args: readonly string[]): Promise<Buffer> {
  const child = spawn(FFMPEG, ['-v', 'error', ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
  child.stdin.end(input);
  await once(child, 'close');
  return Buffer.concat(chunks);
}
