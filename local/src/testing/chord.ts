import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Binary } from '@volna/platform/binaries';

export const SAMPLE_RATE = 44_100;
/** Below it is the noise of 16 bits, behind a filter that makes 30 times of it. */
const CLICK = 0.01;
/** After the first sample: a beginning is a click. */
const SETTLING_SAMPLES = SAMPLE_RATE / 5;

interface Cut {
  readonly hz: readonly number[];
  /** In samples of a chord that never ends. */
  readonly from: number;
  readonly to: number;
}

/** A piece of a chord of pure tones, in a WAV file. */
export async function makeChord({ path, env }: Binary, directory: string, cut: Cut): Promise<string> {
  const { hz, from, to } = cut;
  const file = join(directory, `chord ${from}.wav`);
  const sound = hz.map((each) => `0.2*sin(2*PI*${each}*n/${SAMPLE_RATE})`).join('+');
  const source = `aevalsrc=${sound}|${sound}:s=${SAMPLE_RATE}:d=${to / SAMPLE_RATE}`;
  const filter = `atrim=start_sample=${from}:end_sample=${to}`;
  const args = ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-af', filter, file];
  await promisify(execFile)(path, args, { env: { ...process.env, ...env } });
  return file;
}

/**
 * Where such a chord is broken, in seconds from its beginning: samples that do not follow from those before them. A sum
 * of tones is the sum of its last samples by the product of (1 - 2 cos(w) z⁻¹ + z⁻²) over its tones.
 */
export function findClicks(heard: readonly number[], hz: readonly number[]): number[] {
  let filter = [1];
  for (const each of hz) filter = convolve(filter, [1, -2 * Math.cos((2 * Math.PI * each) / SAMPLE_RATE), 1]);
  const start = heard.findIndex((sample) => sample !== 0);
  if (start < 0) return [0];
  const clicks: number[] = [];
  for (let at = start + SETTLING_SAMPLES; at < heard.length; at++) {
    const rest = filter.reduce((sum, weight, back) => sum + weight * (heard[at - back] ?? 0), 0);
    const seconds = Math.round(((at - start) / SAMPLE_RATE) * 100) / 100;
    if (Math.abs(rest) > CLICK && clicks.at(-1) !== seconds) clicks.push(seconds);
  }
  return clicks;
}

function convolve(left: readonly number[], right: readonly number[]): number[] {
  const product = Array.from({ length: left.length + right.length - 1 }, () => 0);
  for (const [i, a] of left.entries()) for (const [j, b] of right.entries()) product[i + j]! += a * b;
  return product;
}
