import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openSite, type Site, song } from './testing/open-site.ts';
import { randomFrom, sample, type Signal } from './testing/signals.ts';

const noise = randomFrom(21);

describe('an odd sound', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site[Symbol.asyncDispose]());

  const tuneless: [string, Signal][] = [
    ['a constant', () => 0.4],
    ['noise at full scale', () => Math.sign(noise())],
  ];
  const poor: [string, Signal][] = [
    ['eight bits', (t) => Math.round(song(t) * 127) / 127],
    ['clipped sound', (t) => Math.max(-1, Math.min(1, 20 * song(t)))],
  ];

  it.each([...tuneless, ...poor])(
    'gives numbers in their ranges or nothing for %s',
    async (_name, signal) => {
      const found = await site.analyze(sample(10, signal));
      const shares = [
        found.tempoConfidence,
        found.keyConfidence,
        found.danceability,
        found.energy,
        found.valence,
      ];
      expect(shares.filter((value) => !isShare(value))).toEqual([]);
      expect(found.tempo === null || found.tempo > 0).toBe(true);
    },
  );

  it('takes a constant for silence', async () => {
    const { embedding, energy, errors } = await site.analyze(sample(10, () => 0.4));
    expect([embedding, energy]).toEqual([null, null]);
    expect(errors.map(({ code }) => code)).toEqual(['SILENT', 'SILENT', 'SILENT']);
  });

  it.each(tuneless)('hears neither beat nor key in %s', async (_name, signal) => {
    const { tempo, tempoConfidence, key, keyConfidence } = await site.analyze(sample(10, signal));
    expect([tempo, tempoConfidence, key, keyConfidence]).toEqual([null, null, null, null]);
  });

  it('does not judge the rhythm of a second', async () => {
    const { tempo, danceability } = await site.analyze(sample(1, song));
    expect([tempo, danceability]).toEqual([null, null]);
  });

  it('hears a sound that is shorter than a patch over and over', async () => {
    const found = await site.analyze(sample(0.4, song));
    expect(found.embedding?.vector).toHaveLength(192);
    expect(found.authenticity).toBeNull();
    expect(found.tempo).toBeNull();
  });

  it('refuses a clip of less than a second, which would be found in whatever holds its tone', async () => {
    const beep = sample(0.3, (t) => Math.sin(2 * Math.PI * 1_000 * t));
    await expect(site.analyze(beep, { isClip: true })).rejects.toMatchObject({
      code: 'TOO_SHORT',
      retryable: false,
    });
    expect((await site.analyze(sample(1, song), { isClip: true })).embedding).not.toBeNull();
  });

  it('says that silence has nothing to hear', async () => {
    const found = await site.analyze(new Float32Array(16_000 * 8));
    const { embedding, authenticity, tempo, key, energy, valence, moods } = found;
    expect([embedding, authenticity, tempo, key, energy, valence]).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(moods).toEqual([]);
    expect(found.errors.map(({ part, code }) => [part, code])).toEqual([
      ['embedding', 'SILENT'],
      ['authenticity', 'SILENT'],
      ['mood', 'SILENT'],
    ]);
  });

  it('survives samples that are no numbers', async () => {
    const samples = sample(6, song);
    samples.set([Number.NaN, Infinity, -Infinity], 40_000);
    const found = await site.analyze(samples);
    expect(found.embedding?.vector.every(Number.isFinite)).toBe(true);
  });
});

function isShare(value: number | null | undefined): boolean {
  return value === null || (value !== undefined && value >= 0 && value <= 1);
}
