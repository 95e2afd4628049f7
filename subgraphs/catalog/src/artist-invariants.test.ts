import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ArtistId, UserId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { creditFromTags } from './artists/credit-from-tags.ts';
import {
  CLAIM_ARTIST,
  DECIDE_CLAIM,
  DELETE_ARTIST,
  SET_CREDITS,
  UPDATE_ARTIST,
} from './testing/artist-operations.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

const NAMES = ['Ana', 'Bo', 'Cy', 'Di & Ed'];
const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const people = [aViewer(), aViewer()];

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

interface Step {
  readonly kind: 'page' | 'track' | 'credits' | 'move' | 'rename' | 'delete' | 'moveAll' | 'claim';
  readonly who: number;
  /** Choose among what there is. */
  readonly one: number;
  readonly other: number;
  readonly flag: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind']>(
    ...(['page', 'track', 'track', 'credits', 'move', 'rename', 'delete', 'moveAll', 'claim'] as const),
  ),
  who: fc.nat(1),
  one: fc.nat(20),
  other: fc.nat(20),
  flag: fc.boolean(),
});

const pick = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(all.length, 1)];
const send = (viewer: Viewer, query: string, input: object) => catalog.as(viewer)(query, { input });

/** Tries a step with whatever there is; one that is refused has to leave everything as it was. */
async function take({ kind, who, one, other, flag }: Step): Promise<void> {
  const viewer = people[who] ?? admin;
  const ownerId = viewer.userId;
  const pages = await catalog.db.artist.findMany({ orderBy: { id: 'asc' } });
  const tracks = await catalog.db.track.findMany({ orderBy: { id: 'asc' } });
  const [page, target, track] = [pick(pages, one), pick(pages, other), pick(tracks, one)];
  const name = pick(NAMES, other) ?? 'Ana';
  if (kind === 'page') return void (await anArtistRow(catalog, ownerId, name));
  if (!page || !target) return;
  if (kind === 'track') {
    const on = { artistId: ArtistId.parse(page.id), ownerId: UserId.parse(page.ownerId) };
    const id = await aTrackRow(catalog, on, 'S');
    const artist = `${page.name} feat. ${name}, ${pick(NAMES, one)}`;
    return catalog.db.$transaction((tx) => creditFromTags(tx, id, { artist, composer: target.name }));
  }
  const trackCount = tracks.filter(({ artistId }) => artistId === page.id).length - (one === 20 ? 1 : 0);
  const removal = { artistId: page.id, trackCount, moveToArtistId: target.id };
  if (kind === 'rename') await send(viewer, UPDATE_ARTIST, { artistId: page.id, name });
  if (kind === 'delete') await send(viewer, DELETE_ARTIST, { ...removal, tracks: 'DELETE' });
  if (kind === 'moveAll') await send(viewer, DELETE_ARTIST, { ...removal, tracks: 'MOVE' });
  if (kind === 'claim') {
    const evidence = 'enough to go on';
    const { data } = await send(viewer, CLAIM_ARTIST, { artistId: page.id, evidence });
    const claimId = data.claimArtist.claim?.id;
    if (claimId) await send(admin, DECIDE_CLAIM, { claimId, approve: true, withTracks: flag });
  }
  if (!track) return;
  const credits = [
    { role: 'FEATURED', artistId: target.id },
    { role: 'MAIN', name },
    { role: 'REMIXER', artistId: page.id, name: 'R' },
  ];
  if (kind === 'credits') await send(viewer, SET_CREDITS, { trackId: track.id, credits });
  if (kind === 'move')
    await send(flag ? admin : viewer, SET_CREDITS, { trackId: track.id, artistId: target.id });
}

/** What holds whatever has been done. */
async function check(): Promise<void> {
  const tracks = await catalog.db.track.findMany({
    include: { artist: true, credits: { orderBy: { position: 'asc' } } },
  });
  for (const { credits, artist, ownerId } of tracks) {
    expect(credits.map(({ position }) => position)).toEqual(credits.map((_, at) => at));
    expect(credits[0]).toMatchObject({ role: 'MAIN', artistId: artist.id });
    expect(ownerId).toBe(artist.ownerId);
    const lastMain = credits.findLastIndex(({ role }) => role === 'MAIN');
    expect(credits.slice(0, lastMain + 1).every(({ role }) => role === 'MAIN')).toBe(true);
    const mains = credits.filter(({ role, artistId }) => role === 'MAIN' && artistId === artist.id);
    expect(mains).toHaveLength(1);
  }
  expect(await catalog.db.trackRestatement.count()).toBe(0);
  const orphans = await catalog.db.trackCredit.count({ where: { name: '' } });
  expect(orphans).toBe(0);
}

it('keeps tracks on pages of their owners, and credits whole, whatever is done to pages', async () => {
  expect.hasAssertions();
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 14 }), async (steps) => {
    for (const taken of steps) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
      await take(taken);
      // oxlint-disable-next-line no-await-in-loop -- after each of them
      await check();
    }
  });
  await fc.assert(property, { seed: 4, numRuns: 8, endOnFailure: true });
});
