import { createHash } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { parseKey } from './compose/theory.ts';
import { demoEntries, demoLibrary } from './library.ts';
import { renderTrack } from './render-track.ts';
import { secondsOf } from './score.ts';
import { measureLufs } from './synth/master.ts';

const entries = demoEntries();
const scores = entries.map(({ track }) => ({ track, score: track.compose(track.bpm) }));

function toStereo(pcm: Int16Array) {
  const side = (from: number) =>
    Float32Array.from({ length: pcm.length / 2 }, (_, i) => pcm[i * 2 + from]! / 32_768);
  return { left: side(0), right: side(1) };
}

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
  const { pcm } = renderTrack('save-point');
  const sound = toStereo(pcm);

  it('is the same, sample for sample, each time', () => {
    const hash = (samples: Int16Array) => createHash('sha256').update(samples).digest('hex');
    expect(hash(renderTrack('save-point').pcm)).toBe(hash(pcm));
  });

  it('has neither clipping nor a constant offset, and is stereo', () => {
    const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const offset = pcm.reduce((sum, sample) => sum + sample, 0) / pcm.length;
    expect(peak).toBeGreaterThan(6000);
    expect(peak).toBeLessThan(32_000);
    expect(Math.abs(offset)).toBeLessThan(33);
    expect(sound.left.some((sample, i) => Math.abs(sample - sound.right[i]!) > 0.01)).toBe(true);
  });

  it('is as loud as its score says', () => {
    expect(Math.abs(measureLufs(sound) - -17)).toBeLessThan(0.7);
  });

  it('fades out to silence', () => {
    const last = pcm.subarray(-400);
    expect(last.every((sample) => Math.abs(sample) < 20)).toBe(true);
  });

  it('beats at the tempo of its score', () => {
    expect(strongestTempo(toStereo(renderTrack('leap').pcm).left, [110, 120, 130, 140, 150, 160, 170])).toBe(
      150,
    );
  });
});

/** Of these tempos, the one at whose beat the rises in energy repeat best. */
function strongestTempo(samples: Float32Array, tempos: readonly number[]): number {
  const hop = 256;
  const energy = Array.from({ length: Math.floor(samples.length / hop) }, (_, i) =>
    samples.subarray(i * hop, (i + 1) * hop).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const rises = energy.map((value, i) => Math.max(0, Math.log1p(value) - Math.log1p(energy[i - 1] ?? 0)));
  const repeats = (bpm: number) => {
    const lag = (60 / bpm) * (44_100 / hop);
    return rises.reduce((sum, rise, i) => sum + rise * (rises[Math.round(i + lag)] ?? 0), 0);
  };
  return tempos.reduce((best, bpm) => (repeats(bpm) > repeats(best) ? bpm : best));
}
