import { utimes, writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { randomFrom } from '../testing/signals.ts';
import { openHeads } from './heads.ts';
import { type Example, trainHeads } from './train-heads.ts';

const MODEL = 'test@1';
const AT = new Date('2026-11-21T00:00:00.000Z');
const SIZE = 16;

/** Tracks of many artists, each genre in a direction of its own; who says «odd» says it by chance. */
function library(many: number, artists = 20): Example[] {
  const random = randomFrom(11);
  return Array.from({ length: many }, (_, n) => {
    const genre = n % 3;
    const vector = Array.from({ length: SIZE }, (_value, i) => 0.3 * random() + (i === genre ? 1 : 0));
    const moods = genre === 0 ? ['slow'] : [];
    if (random() > 0.5) moods.push('odd');
    return {
      artistId: `artist ${Math.floor(n / 3) % artists}`,
      model: MODEL,
      vector,
      labels: { GENRE: [['ambient', 'techno', 'folk'][genre]!], MOOD: n % 2 === 0 ? moods : null },
    };
  });
}

describe('trainHeads', () => {
  it('learns what can be heard, leaves out what cannot, and says how right it was', () => {
    const { file, reports } = trainHeads(library(300), AT)!;
    expect(file.labels.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'GENRE ambient',
      'GENRE folk',
      'GENRE techno',
      'MOOD slow',
    ]);
    expect(reports.find(({ name }) => name === 'ambient')).toMatchObject({ examples: 100, artists: 20 });
    const [odd, others] = [
      reports.find(({ name }) => name === 'odd'),
      reports.filter(({ name }) => name !== 'odd'),
    ];
    expect(odd).toMatchObject({ precision: null, recall: null });
    for (const { precision, recall } of others) expect(Math.min(precision!, recall!)).toBeGreaterThan(0.9);
  });

  it('learns nothing from few tracks, nor what only a few artists are', () => {
    expect(trainHeads(library(30), AT)!.reports).toEqual([]);
    expect(trainHeads(library(300, 4), AT)!.reports).toEqual([]);
    expect(trainHeads([], AT)).toBeNull();
  });
});

describe('openHeads', () => {
  const ambient = Array.from({ length: SIZE }, (_, i) => (i === 0 ? 1 : 0));

  it('tells labels with how sure it is, and nothing where it is not', async () => {
    await using scratch = await openScratch();
    const file = scratch.path('heads.json');
    const tell = openHeads(file);
    expect(await tell({ model: MODEL, vector: ambient })).toEqual({ genres: [], moods: [] });
    await writeFile(file, JSON.stringify(trainHeads(library(300), AT)!.file));
    const { genres, moods } = await tell({ model: MODEL, vector: ambient });
    expect(genres).toEqual([{ name: 'ambient', confidence: expect.any(Number) }]);
    expect(genres[0]!.confidence).toBeGreaterThan(0.5);
    expect(moods.map(({ name }) => name)).toEqual(['slow']);
    const silent = { genres: [], moods: [] };
    expect(await tell({ model: MODEL, vector: ambient.map(() => 0) })).toEqual(silent);
    expect(await tell({ model: 'test@2', vector: ambient })).toEqual(silent);
    expect(await tell({ model: MODEL, vector: [1] })).toEqual(silent);
  });

  it('tells nothing by a file that is none, and reads one that replaces it', async () => {
    await using scratch = await openScratch();
    const file = scratch.path('heads.json');
    await writeFile(file, '{"labels":[');
    const tell = openHeads(file);
    expect((await tell({ model: MODEL, vector: ambient })).genres).toEqual([]);
    await writeFile(file, JSON.stringify(trainHeads(library(300), AT)!.file));
    await utimes(file, AT, AT);
    expect((await tell({ model: MODEL, vector: ambient })).genres).toHaveLength(1);
  });

  it('tells nothing without a file', async () => {
    expect((await openHeads(undefined)({ model: MODEL, vector: ambient })).genres).toEqual([]);
  });
});
