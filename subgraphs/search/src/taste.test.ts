import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataOf, newId, trackOpennessChanged, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { watchStatements } from '@volna/platform/testing/statements';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { finish, react } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';
import { anchorsOf, askAs, changeTaste, START, tasteOf } from './testing/tastes.ts';

let search: OpenSearch;
let library: DataOf<typeof trackUpdated>[];
let alice: Viewer;
beforeAll(async () => {
  search = await openSearch();
  library = await plantStyles(search);
});
afterAll(async () => search[Symbol.asyncDispose]());
beforeEach(() => {
  alice = aViewer();
});

const idOf = (n: number): string => library[n]?.trackId ?? '';
const reactTo = (n: number, reaction: 'LIKE' | 'DISLIKE') => react(search, alice, idOf(n), reaction);
const change = (name: string, input: Record<string, unknown>) => changeTaste(search, alice, name, input);

describe('a taste', () => {
  it('shows what it is made of, to nobody else', async () => {
    await reactTo(0, 'LIKE');
    await finish(search, alice, idOf(1));
    const taste = await tasteOf(search, alice);
    expect(taste.anchors).toEqual([
      { track: { id: idOf(0) }, weight: expect.any(Number), isPinned: false, source: 'LIKED' },
      { track: { id: idOf(1) }, weight: expect.any(Number), isPinned: false, source: 'FINISHED' },
    ]);
    expect(taste.anchors[0].weight).toBeGreaterThan(taste.anchors[1].weight);
    expect(taste.traits.map(({ name }: { name: string }) => name)).toEqual(['style 0', 'style 1']);
    const shares = taste.artists.map(({ share }: { share: number }) => share);
    expect(shares[0] + shares[1]).toBeCloseTo(1, 6);
    expect(taste).toMatchObject({ forgotten: [], blockedArtists: [], sound: { tempo: null } });
    for (const who of [aViewer(), aViewer({ roles: ['USER', 'ADMIN'] }), null])
      expect(await tasteOf(search, alice, who)).toBeNull();
  });

  it('learns nothing of what is heard privately, which is counted', async () => {
    const playsOf = async () =>
      (await search.db.indexedTrack.findUniqueOrThrow({ where: { id: idOf(20) } })).plays;
    const before = await playsOf();
    await finish(search, alice, idOf(20), { isPrivate: true });
    expect(await anchorsOf(search, alice)).toEqual([]);
    expect(await search.db.listen.count({ where: { userId: alice.userId } })).toBe(0);
    expect(await search.db.tasteSignal.count({ where: { userId: alice.userId } })).toBe(0);
    expect(await playsOf()).toBe(before + 1);
  });

  it('keeps what is pinned at full weight, first, whatever is said of it', async () => {
    await reactTo(0, 'LIKE');
    await reactTo(1, 'LIKE');
    const { taste } = await change('pinAnchor', { trackId: idOf(2) });
    expect(taste.anchors[0]).toMatchObject({ track: { id: idOf(2) }, isPinned: true });
    expect(taste.anchors[0].weight).toBeGreaterThanOrEqual(1);
    expect(await change('unpinAnchor', { trackId: idOf(2) })).toMatchObject({ errors: [] });
    expect(await anchorsOf(search, alice)).toHaveLength(2);
    expect((await change('unpinAnchor', { trackId: idOf(2) })).errors).toEqual([
      { code: 'NOT_FOUND', path: ['trackId'] },
    ]);
    expect((await change('pinAnchor', { trackId: newId('Track') })).errors[0].code).toBe('NOT_FOUND');
    await reactTo(3, 'DISLIKE');
    expect((await change('pinAnchor', { trackId: idOf(3) })).errors[0].code).toBe('BAD_USER_INPUT');
  });

  it('forgets an anchor for good, until it is restored or liked anew', async () => {
    await reactTo(0, 'LIKE');
    await reactTo(1, 'LIKE');
    const { taste } = await change('forgetAnchor', { trackId: idOf(0) });
    expect(taste.forgotten).toEqual([{ track: { id: idOf(0) }, forgottenAt: expect.any(String) }]);
    await finish(search, alice, idOf(0));
    expect(await anchorsOf(search, alice)).toEqual([idOf(1)]);
    const { items } = (await askAs(search, alice, START)).startWave.wave;
    for (const { reason } of items) expect(reason.anchor?.id).not.toBe(idOf(0));

    await change('restoreAnchor', { trackId: idOf(0) });
    expect((await anchorsOf(search, alice)).toSorted()).toEqual([idOf(0), idOf(1)].toSorted());
    await change('forgetAnchor', { trackId: idOf(0) });
    await reactTo(0, 'LIKE');
    expect(await anchorsOf(search, alice)).toContain(idOf(0));
    expect((await change('forgetAnchor', { trackId: idOf(9) })).errors[0].code).toBe('NOT_FOUND');
    expect((await change('restoreAnchor', { trackId: idOf(9) })).errors[0].code).toBe('NOT_FOUND');
  });

  it('of a wave that is under way loses what is forgotten', async () => {
    await reactTo(0, 'LIKE');
    await reactTo(1, 'LIKE');
    await askAs(search, alice, START);
    await change('forgetAnchor', { trackId: idOf(0) });
    const { state, begun } = await search.db.wave.findFirstOrThrow({ where: { userId: alice.userId } });
    for (const known of [state, begun]) {
      const anchors = JSON.stringify((known as { anchors: unknown }).anchors);
      expect(anchors).not.toContain(idOf(0));
      expect(anchors).toContain(idOf(1));
    }
  });

  it('leaves out what is hidden, and takes a merged track for its target', async () => {
    const [copy, target] = [
      aTrack({ title: 'Copy', vector: [0, 1, 1, 0] }),
      aTrack({ title: 'Target', vector: [0, 1, 1, 0] }),
    ];
    for (const track of [copy, target]) await search.bus.publish(trackUpdated, track);
    await search.settle();
    await change('startTaste', { trackIds: [copy.trackId] });
    const merged = { isOpen: false, reason: 'MERGED', mergedIntoId: target.trackId } as const;
    await search.bus.publish(trackOpennessChanged, anOpening(copy, merged));
    await search.settle();
    expect(await anchorsOf(search, alice)).toEqual([target.trackId]);
    await change('forgetAnchor', { trackId: target.trackId });
    expect(await anchorsOf(search, alice)).toEqual([]);
    await change('restoreAnchor', { trackId: target.trackId });
    await search.bus.publish(trackOpennessChanged, anOpening(target, { isOpen: false, reason: 'MODERATED' }));
    await search.settle();
    expect(await anchorsOf(search, alice)).toEqual([]);
  });

  it('is the same statements for one anchor and for many', async () => {
    await change('startTaste', { trackIds: [idOf(0)] });
    const count = async () => {
      using statements = watchStatements();
      await tasteOf(search, alice);
      return statements.texts.filter((text) => /taste|blocked/.test(text)).length;
    };
    const one = await count();
    await change('startTaste', { trackIds: library.slice(0, 16).map(({ trackId }) => trackId) });
    expect(await anchorsOf(search, alice)).toHaveLength(16);
    expect(await count()).toBe(one);
  });
});

it('is refused to strangers', async () => {
  const { errors } = await asCaller(search.subgraph)(
    'mutation { pinAnchor(input: { trackId: "x" }) { errors { code } } }',
  );
  expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
});
