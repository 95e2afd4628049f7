import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { moderationDecided } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aReadyTrack } from './testing/stages.ts';

const PER_STEP = {
  reportContent: 'REPORTED',
  moderate: 'DECIDED',
  appealModeration: 'APPEALED',
} as const;

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const listeners = [aViewer(), aViewer(), aViewer()];
let catalog: TestCatalog;
let owner: Viewer;
let targets: string[];

beforeAll(async () => {
  catalog = await openCatalog();
  const { viewer, artistId, trackId } = await aReadyTrack(catalog);
  owner = viewer;
  targets = [trackId, artistId];
});
afterAll(async () => catalog[Symbol.asyncDispose]());

interface Step {
  readonly kind: 'reportContent' | 'moderate' | 'appealModeration' | 'decideAppeal';
  readonly target: number;
  readonly who: number;
  readonly decision: 'CLEAR' | 'HIDDEN' | 'TAKEN_DOWN';
  readonly grant: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('reportContent', 'moderate', 'moderate', 'appealModeration', 'decideAppeal'),
  target: fc.nat(1),
  who: fc.nat(2),
  decision: fc.constantFrom('CLEAR', 'HIDDEN', 'TAKEN_DOWN'),
  grant: fc.boolean(),
});

/** Tries a step, whether it is allowed now or not; gives what the trail has to say of it where it was. */
async function take({ kind, target, who, decision, grant }: Step): Promise<string | null> {
  const targetId = targets[target] ?? '';
  const last = await catalog.db.moderationCase.findFirst({ where: { targetId }, orderBy: { id: 'desc' } });
  const caseId = last?.id ?? 'none';
  const [viewer, input] = {
    reportContent: [listeners[who] ?? owner, { targetId, category: 'SPAM' }] as const,
    moderate: [admin, { targetId, decision, reason: 'because' }] as const,
    appealModeration: [owner, { caseId, text: 'please look again' }] as const,
    decideAppeal: [admin, { caseId, grant, reason: 'looked again' }] as const,
  }[kind];
  const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}Input`;
  const query = `mutation ($input: ${name}!) { ${kind}(input: $input) { errors { code } } }`;
  const { data, errors } = await catalog.as(viewer)(query, { input });
  expect(errors).toBeUndefined();
  if (data[kind].errors.length > 0) return null;
  if (kind === 'decideAppeal') return grant ? 'APPEAL_GRANTED' : 'APPEAL_REFUSED';
  return PER_STEP[kind];
}

/** What holds whatever has been done. */
async function check(): Promise<void> {
  const [trackId = '', artistId = ''] = targets;
  const track = await catalog.db.track.findUniqueOrThrow({ where: { id: trackId } });
  const artist = await catalog.db.artist.findUniqueOrThrow({ where: { id: artistId } });
  expect(track.isOpen).toBe(track.moderation === 'CLEAR' && artist.moderation === 'CLEAR');
  for (const { id: targetId, moderation } of [track, artist]) {
    const cases = await catalog.db.moderationCase.findMany({
      where: { targetId },
      orderBy: { id: 'asc' },
      include: { actions: { orderBy: { at: 'asc' } } },
    });
    const open = cases.filter(({ state }) => state === 'OPEN' || state === 'APPEALED');
    expect(open.length).toBeLessThanOrEqual(1);
    expect(open.every(({ id }) => id === cases.at(-1)?.id)).toBe(true);
    // the last word of all cases is what is so, and what everybody was told
    const decided = cases.filter(({ decidedAt }) => decidedAt !== null);
    expect(moderation).toBe(decided.at(-1)?.decision ?? 'CLEAR');
    const told = catalog.recorder.of(moderationDecided, { targetId });
    expect(told.at(-1)?.state ?? 'CLEAR').toBe(moderation);
    expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted());
    for (const { state, actions, appealedAt } of cases) {
      const kinds = actions.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'APPEALED')).toHaveLength(appealedAt ? 1 : 0);
      expect(kinds.some((kind) => kind.startsWith('APPEAL_'))).toBe(state === 'CLOSED');
    }
  }
}

it('keeps cases, things and the trail in step, whatever is reported, decided and appealed', async () => {
  let wanted = await catalog.db.moderationAction.count();
  const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
    for (const taken of steps) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      if (await take(taken)) wanted += 1;
    }
    await catalog.settle();
    expect(await catalog.db.moderationAction.count()).toBe(wanted);
    await check();
    // the next sequence begins with reports that count anew
    await catalog.db.contentReport.deleteMany();
  });
  await fc.assert(property, { seed: 4, numRuns: 15 });
}, 120_000);
