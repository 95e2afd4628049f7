import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, reactionSet, trackUpdated, UserId } from '@volna/events';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';
import { EmbeddedVectors } from '@volna/platform/vectors-embedded';

import { previewWave } from './domain/preview-wave.ts';
import { encodeVector, toUnit } from './ranking/vector.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';

/** More than a wave weighs whole. */
const MANY = 1_100;
const PREVIEW = `{ myWave(first: 10) { items { track { id } reason { __typename text } } } }`;

describe('a wave over a large library', () => {
  let search: OpenSearch;
  let isDown = false;
  const opened = new AsyncDisposableStack();

  beforeAll(async () => {
    const store = opened.use(await EmbeddedVectors.open());
    const vectors = new Proxy(store, {
      get(target, name) {
        if (name === 'query' && isDown) return async () => Promise.reject(new Error('the store is down'));
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    search = opened.use(await openSearch({ vectors }));
    await search.bus.publish(trackUpdated, aTrack({ title: 'Liked', vector: [1, 0, 0, 0] }));
    await search.settle();
    const row = await search.db.indexedTrack.findFirstOrThrow();
    const others = Array.from({ length: MANY }, (_, n) => ({
      ...row,
      id: newId('Track'),
      title: `Track ${n}`,
      artistId: newId('Artist'),
      recordingKey: `recording ${n}`,
      plays: n,
      embedding: encodeVector(toUnit([n % 7, n % 5, n % 3, 1])),
      credits: [],
    }));
    await search.db.indexedTrack.createMany({ data: others });
  });

  afterAll(async () => {
    await opened.disposeAsync();
  });

  async function aFan() {
    const viewer = aViewer({ userId: UserId.parse(newId('User')) });
    const liked = await search.db.indexedTrack.findFirstOrThrow({ where: { title: 'Liked' } });
    const at = new Date().toISOString();
    const reaction = { userId: viewer.userId, trackId: liked.id as never, reaction: 'LIKE' as const, at };
    await search.bus.publish(reactionSet, reaction);
    await search.settle();
    return viewer;
  }

  it('goes on where the store does not answer, and says so', async () => {
    const viewer = await aFan();
    isDown = true;
    const { items } = (await asCaller(search.subgraph, viewer)(PREVIEW)).data.myWave;
    isDown = false;
    expect(items).toHaveLength(10);
    for (const { reason } of items)
      expect(reason.text).toContain('What sounds alike cannot be looked up now');
    const after = (await asCaller(search.subgraph, viewer)(PREVIEW)).data.myWave.items;
    for (const { reason } of after) expect(reason.text).not.toContain('cannot be looked up');
  });

  it('draws the same pool for the same dice', async () => {
    const { userId } = await aFan();
    const wish = {
      seed: null,
      mood: 'ANY',
      activity: 'ANY',
      familiarity: 'DEFAULT',
      exploration: 0.2,
      languages: [],
      explicit: 'ALLOW',
      energyCurve: 'FLAT',
      excludesAiSuspected: false,
    } as const;
    const one = await previewWave(search, userId, wish, 20, 11);
    expect(await previewWave(search, userId, wish, 20, 11)).toEqual(one);
    expect((await previewWave(search, userId, wish, 20, 12)).items).not.toEqual(one.items);
  });
});
