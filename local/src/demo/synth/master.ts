import { decibels, samples, SAMPLE_RATE, type Stereo } from './signal.ts';

const CEILING = decibels(-1.2);

/** The last stage: no rumble, the wanted loudness, no peak over the ceiling, faded ends. */
export function master(
  mix: Stereo,
  { lufs, fadeIn, fadeOut }: { lufs: number; fadeIn: number; fadeOut: number },
): void {
  removeRumble(mix.left);
  removeRumble(mix.right);
  // Limiting takes a little loudness away, so the gain is corrected once.
  for (const share of [1, 0.8]) {
    applyGain(mix, decibels((lufs - measureLufs(mix)) * share));
    limit(mix);
  }
  fade(mix, fadeIn, fadeOut);
}

function applyGain({ left, right }: Stereo, gain: number): void {
  for (let i = 0; i < left.length; i++) {
    left[i]! *= gain;
    right[i]! *= gain;
  }
}

function removeRumble(side: Float32Array): void {
  const pole = 1 - (2 * Math.PI * 24) / SAMPLE_RATE;
  let before = 0;
  let out = 0;
  for (let i = 0; i < side.length; i++) {
    out = side[i]! - before + pole * out;
    before = side[i]!;
    side[i] = out;
  }
}

/** Integrated loudness as in BS.1770: K-weighted, in blocks of 400 ms, without the silent ones. */
export function measureLufs({ left, right }: Stereo): number {
  const hop = samples(0.1);
  const energy = new Float64Array(Math.floor(left.length / hop));
  for (const side of [left, right]) addWeightedEnergy(side, hop, energy);
  const blocks: number[] = [];
  for (let i = 0; i + 4 <= energy.length; i++) {
    blocks.push((energy[i]! + energy[i + 1]! + energy[i + 2]! + energy[i + 3]!) / (4 * hop));
  }
  const heard = blocks.filter((power) => loudness(power) > -70);
  const gate = loudness(mean(heard)) - 10;
  return loudness(mean(heard.filter((power) => loudness(power) > gate)));
}

function loudness(power: number): number {
  return -0.691 + 10 * Math.log10(power + 1e-12);
}

function mean(powers: readonly number[]): number {
  return powers.reduce((sum, power) => sum + power, 0) / Math.max(1, powers.length);
}

/** The two K-weighting biquads at 44.1 kHz: a shelf for the head, a highpass for the ear. */
function addWeightedEnergy(side: Float32Array, hop: number, energy: Float64Array): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let block = 0, i = 0; block < energy.length; block++) {
    let sum = 0;
    for (const end = i + hop; i < end; i++) {
      const input = side[i]!;
      const shelf = 1.5308412300498355 * input + a;
      a = -2.6509799951536985 * input + 1.6636551132560204 * shelf + b;
      b = 1.1690790799210682 * input - 0.7125954280732254 * shelf;
      const out = shelf + c;
      c = -2 * shelf + 1.9891696736297957 * out + d;
      d = shelf - 0.9891990357870394 * out;
      sum += out * out;
    }
    energy[block]! += sum;
  }
}

/** Turns down before a peak comes, and up again slowly. */
function limit({ left, right }: Stereo): void {
  const ahead = samples(0.004);
  const release = Math.exp(-1 / (0.12 * SAMPLE_RATE));
  const wanted = lowestAhead(left, right, ahead);
  let sum = ahead;
  let gain = 1;
  const recent = new Float32Array(ahead).fill(1);
  for (let i = 0; i < left.length; i++) {
    gain = Math.min(wanted[i]!, 1 - (1 - gain) * release);
    sum += gain - recent[i % ahead]!;
    recent[i % ahead] = gain;
    const smooth = Math.min(1, sum / ahead);
    left[i]! *= smooth;
    right[i]! *= smooth;
  }
}

/** For each sample, the gain that the loudest peak of the next `ahead` samples needs. */
function lowestAhead(left: Float32Array, right: Float32Array, ahead: number): Float32Array {
  const wanted = new Float32Array(left.length).fill(1);
  for (let i = 0; i < left.length; i++) {
    const peak = Math.max(Math.abs(left[i]!), Math.abs(right[i]!));
    if (peak <= CEILING) continue;
    const gain = CEILING / peak;
    for (let n = i; n >= 0 && n > i - ahead && wanted[n]! > gain; n--) wanted[n] = gain;
  }
  return wanted;
}

function fade({ left, right }: Stereo, fadeIn: number, fadeOut: number): void {
  const rise = samples(fadeIn);
  const fall = samples(fadeOut);
  for (let i = 0; i < rise; i++) {
    left[i]! *= i / rise;
    right[i]! *= i / rise;
  }
  for (let i = 0; i < fall; i++) {
    const level = 0.5 - 0.5 * Math.cos((Math.PI * i) / fall);
    left[left.length - 1 - i]! *= level;
    right[right.length - 1 - i]! *= level;
  }
}

/** 16-bit samples, left and right in turn, with triangular dither. */
export function quantise({ left, right }: Stereo): Int16Array {
  let noise = 1;
  const step = () => {
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    return noise / 4294967296;
  };
  const out = new Int16Array(left.length * 2);
  for (let i = 0; i < left.length; i++) {
    out[i * 2] = Math.round(left[i]! * 32_766 + step() + step());
    out[i * 2 + 1] = Math.round(right[i]! * 32_766 + step() + step());
  }
  return out;
}
