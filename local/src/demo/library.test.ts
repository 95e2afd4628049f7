import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { parseKey } from './compose/theory.ts';
import { demoEntries, demoLibrary } from './library.ts';
import { createPlayer } from './player.ts';
import { secondsOf } from './score.ts';
import { measureLufs } from './synth/master.ts';

const entries = demoEntries();
const scores = entries.map(({ track }) => ({ track, score: track.compose(track.bpm) }));

describe('the demo catalogue', () => {
  it('has enough artists, albums and tracks, some in Russian', () => {
    expect(demoLibrary.length).toBeGreaterThanOrEqual(4);
    expect(demoLibrary.flatMap(({ albums }) => albums).length).toBeGreaterThanOrEqual(5);
    expect(entries.length).toBeGreaterThanOrEqual(16);
    expect(entries.filter(({ track }) => /[а-я]/i.test(track.title)).length).toBeGreaterThanOrEqual(4);
    expect(new Set(entries.map(({ track }) => track.slug)).size).toBe(entries.length);
  });

  it('lasts from 20 to 60 seconds a track', () => {
    for (const { score } of scores) {
      expect(secondsOf(score)).toBeGreaterThan(20);
      expect(secondsOf(score)).toBeLessThan(60);
    }
  });

  it('covers many tempos, keys and genres', () => {
    const bpms = scores.map(({ score }) => score.bpm);
    expect(Math.min(...bpms)).toBeLessThan(70);
    expect(Math.max(...bpms)).toBeGreaterThan(160);
    expect(new Set(entries.map(({ track }) => track.key)).size).toBeGreaterThan(10);
    expect(new Set(entries.map(({ track }) => track.genre)).size).toBeGreaterThan(8);
  });

  it.each(scores.map(({ track, score }) => [track.slug, track, score] as const))(
    'composes %s in its key and within its form',
    (_slug, track, score) => {
      const key = parseKey(track.key);
      const end = score.bars * score.beatsPerBar;
      const notes = score.parts.flatMap((part) => part.notes);
      const pitched = notes.filter(({ pitch }) => pitch !== 60);
      const inKey = pitched.filter(({ pitch }) => key.includes(pitch % 12));
      expect(notes.every(({ at }) => at >= 0 && at <= end)).toBe(true);
      expect(inKey.length / pitched.length).toBeGreaterThan(0.8);
    },
  );
});

describe('a rendered demo track', () => {
  let scratch: string;
  let played: { bytes: Buffer[]; leap: Int16Array; pcm: Int16Array };

  // Played in a thread, as in the product: arithmetic is many times slower inside Jest's own context.
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'volna-demo-'));
    const wav = join(scratch, 'take.wav');
    await using player = createPlayer();
    const bytes: Buffer[] = [];
    for (const slug of ['save-point', 'save-point', 'leap']) {
      await player.play({ slug, wav });
      bytes.push(await readFile(wav));
    }
    played = { bytes, pcm: samplesOf(bytes[0]!), leap: samplesOf(bytes[2]!) };
  }, 240_000);

  afterAll(() => rm(scratch, { recursive: true }));

  it('is the same, byte for byte, each time', () => {
    expect(played.bytes[1]!.equals(played.bytes[0]!)).toBe(true);
    expect(played.bytes[2]!.equals(played.bytes[0]!)).toBe(false);
  });

  it('has neither clipping nor a constant offset, and is stereo', () => {
    const { pcm } = played;
    let [peak, sum, sides] = [0, 0, 0];
    for (let i = 0; i < pcm.length; i += 2) {
      const [left, right] = [pcm[i]!, pcm[i + 1]!];
      peak = max(peak, abs(left), abs(right));
      sum += left + right;
      sides += abs(left - right) > 300 ? 1 : 0;
    }
    expect(peak).toBeGreaterThan(6000);
    expect(peak).toBeLessThan(32_000);
    expect(abs(sum / pcm.length)).toBeLessThan(33);
    expect(sides / pcm.length).toBeGreaterThan(0.05);
  });

  it('is as loud as its score says', () => {
    const [left, right] = [sideOf(played.pcm, 0), sideOf(played.pcm, 1)];
    expect(abs(measureLufs({ left, right }) + 17)).toBeLessThan(0.7);
  });

  it('fades out to silence', () => {
    expect(played.pcm.subarray(-400).every((sample) => abs(sample) < 20)).toBe(true);
  });

  it('beats at the tempo of its score', () => {
    expect(strongestTempo(played.leap, [110, 120, 130, 140, 150, 160, 170])).toBe(150);
  });
});

const { abs, max, log1p, round } = Math;

function samplesOf(wav: Buffer): Int16Array {
  return new Int16Array(wav.buffer, wav.byteOffset + 44, (wav.length - 44) / 2);
}

function sideOf(pcm: Int16Array, side: 0 | 1): Float32Array {
  return Float32Array.from({ length: pcm.length / 2 }, (_, i) => pcm[i * 2 + side]! / 32_768);
}

/** Of these tempos, the one at whose beat the rises in energy repeat best. */
function strongestTempo(pcm: Int16Array, tempos: readonly number[]): number {
  const hop = 256;
  const rises: number[] = [];
  for (let start = 0, before = 0; start + hop * 2 <= pcm.length; start += hop * 2) {
    let energy = 0;
    for (let i = start; i < start + hop * 2; i += 2) energy += (pcm[i]! / 32_768) ** 2;
    rises.push(max(0, log1p(energy) - before));
    before = log1p(energy);
  }
  const repeats = (bpm: number) => {
    const lag = (60 / bpm) * (44_100 / hop);
    return rises.reduce((sum, rise, i) => sum + rise * (rises[round(i + lag)] ?? 0), 0);
  };
  return tempos.reduce((best, bpm) => (repeats(bpm) > repeats(best) ? bpm : best));
}
