import { samples, SAMPLE_RATE, type Stereo } from './signal.ts';
import { SINE } from './wavetable.ts';

const SIZE = SINE.length - 1;

/** Two slowly moving taps, opposite in left and right: width and shimmer. */
export function chorus({ left, right }: Stereo, depth: number): void {
  chorusSide(left, depth, 0);
  chorusSide(right, depth, SIZE / 3);
}

function chorusSide(out: Float32Array, depth: number, start: number): void {
  const line = new Float32Array(2048);
  const sway = SAMPLE_RATE * 0.0035;
  const middle = SAMPLE_RATE * 0.013;
  const pace = (0.53 * SIZE) / SAMPLE_RATE;
  for (let i = 0, phase = start; i < out.length; i++) {
    line[i & 2047] = out[i]!;
    const back = i - middle - sway * SINE[phase | 0]! + 4096;
    const whole = back | 0;
    const from = line[whole & 2047]!;
    out[i] =
      out[i]! * (1 - 0.35 * depth) +
      depth * 0.7 * (from + (line[(whole + 1) & 2047]! - from) * (back - whole));
    phase += pace;
    if (phase >= SIZE) phase -= SIZE;
  }
}

/** Soft saturation that keeps the level of quiet sound. */
export function drive({ left, right }: Stereo, amount: number): void {
  for (const side of [left, right]) {
    for (let i = 0; i < side.length; i++) {
      const pushed = side[i]! * (1 + amount);
      side[i] = pushed / (1 + Math.abs(pushed) * 0.55);
    }
  }
}

/** Sways between the speakers. */
export function tremolo({ left, right }: Stereo, hertz: number, depth: number): void {
  const pace = (hertz * SIZE) / SAMPLE_RATE;
  for (let i = 0, phase = 0; i < left.length; i++) {
    const sway = SINE[phase | 0]! * depth * 0.5;
    left[i]! *= 1 - depth * 0.5 + sway;
    right[i]! *= 1 - depth * 0.5 - sway;
    phase += pace;
    if (phase >= SIZE) phase -= SIZE;
  }
}

/** Echoes that cross from side to side, duller each time. In place: the send becomes the return. */
export function echo(send: Stereo, seconds: number, feedback: number, lowpass: number): void {
  const length = samples(seconds);
  const first = new Float32Array(length);
  const second = new Float32Array(length);
  const dull = 1 - Math.exp((-2 * Math.PI * lowpass) / SAMPLE_RATE);
  const thin = 1 - Math.exp((-2 * Math.PI * 180) / SAMPLE_RATE);
  let smooth = 0;
  let rumble = 0;
  for (let i = 0, at = 0; i < send.left.length; i++) {
    const out = first[at]!;
    const back = second[at]!;
    smooth += dull * (back - smooth);
    rumble += thin * (smooth - rumble);
    first[at] = 0.5 * (send.left[i]! + send.right[i]!) + feedback * (smooth - rumble);
    second[at] = out;
    send.left[i] = out;
    send.right[i] = back;
    if (++at === length) at = 0;
  }
}

const ROOM = [1193, 1327, 1481, 1601, 1747, 1901, 2087, 2239];

/** A room of eight delay lines that all feed one another. In place: the send becomes the return. */
export function reverberate(
  send: Stereo,
  { seconds, damping, predelay = 0.015 }: { seconds: number; damping: number; predelay?: number },
): void {
  const before = samples(predelay);
  const lines = ROOM.map((length) => new Float32Array(length));
  const gains = ROOM.map((length) => 10 ** ((-3 * length) / SAMPLE_RATE / seconds));
  const at = new Int32Array(8);
  const dull = new Float64Array(8);
  const heard = new Float64Array(8);
  const source = { left: send.left.slice(), right: send.right.slice() };
  for (let i = 0; i < send.left.length; i++) {
    let sum = 0;
    for (let n = 0; n < 8; n++) {
      const out = lines[n]![at[n]!]!;
      const kept = dull[n]! + (1 - damping) * (out - dull[n]!);
      dull[n] = kept;
      heard[n] = kept * gains[n]!;
      sum += heard[n]!;
    }
    send.left[i] = heard[0]! + heard[2]! - heard[4]! + heard[6]!;
    send.right[i] = heard[1]! - heard[3]! + heard[5]! + heard[7]!;
    const left = i < before ? 0 : source.left[i - before]! * 0.4;
    const right = i < before ? 0 : source.right[i - before]! * 0.4;
    for (let n = 0; n < 8; n++) {
      lines[n]![at[n]!] = heard[n]! - sum * 0.25 + (n % 2 === 0 ? left : right);
      at[n] = at[n]! + 1 === ROOM[n]! ? 0 : at[n]! + 1;
    }
  }
}
