import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { findDue } from './find-due.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aSentUpload, aTrack } from './testing/operations.ts';
import { aBegunTrack } from './testing/stages.ts';

const PAST = new Date(0);

let catalog: TestCatalog;

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const due = async () => (await findDue(catalog.deps)).map(({ name }) => name);

async function aSource(nextScanAt: Date | null) {
  const rows = { ownerId: newId('User'), kind: 'FOLDER' as const };
  return catalog.db.importSource.create({
    data: { id: newId('ImportSource'), ...rows, location: newId('Upload'), isHourly: true, nextScanAt },
  });
}

/** Runs what makes a sweep due, and what ends it again. */
async function dueBetween(make: () => Promise<unknown>, end: () => Promise<unknown>) {
  const before = await due();
  await make();
  const between = await due();
  await end();
  return { before, between, after: await due() };
}

const only = (name: string) => ({ before: [], between: [name], after: [] });

describe('findDue', () => {
  it('finds nothing to do beside work that goes well', async () => {
    await aBegunTrack(catalog);
    await aTrack(catalog);
    await aSentUpload(catalog, aViewer());
    expect(await due()).toEqual([]);
  });

  it('finds lost workers and orders that nobody has claimed', async () => {
    const { order } = await aBegunTrack(catalog);
    const where = { id: order.jobId };
    const at = new Date(Date.now() + 60_000);
    const set = (data: object) => catalog.db.job.update({ where, data });
    const lost = await dueBetween(
      () => set({ leaseUntil: PAST }),
      () => set({ leaseUntil: at }),
    );
    expect(lost).toEqual(only('sweepJobs'));
    const unheard = await dueBetween(
      () => set({ state: 'QUEUED', announceAt: PAST }),
      () => set({ state: 'QUEUED', announceAt: at }),
    );
    expect(unheard).toEqual(only('sweepJobs'));
  });

  it.each([
    ['is late', { status: 'PENDING', expiresAt: PAST }, { expiresAt: new Date(Date.now() + 60_000) }],
    ['is fetched', { status: 'FETCHING' }, { status: 'PENDING' }],
    ['was searched by', { status: 'COMPLETED', expiresAt: PAST }, { status: 'EXPIRED' }],
  ] as const)('finds an upload that %s', async (_what, begun, ended) => {
    const { uploadId: id } = await aSentUpload(catalog, aViewer());
    const set = (data: typeof begun | typeof ended) => catalog.db.upload.update({ where: { id }, data });
    expect(
      await dueBetween(
        () => set(begun),
        () => set(ended),
      ),
    ).toEqual(only('sweepUploads'));
  });

  it('finds tracks that wait for the index, and those to be stated anew', async () => {
    const { trackId } = await aTrack(catalog);
    const set = (stage: 'INDEXING' | 'PROBING') =>
      catalog.db.track.update({ where: { id: trackId }, data: { stage } });
    expect(
      await dueBetween(
        () => set('INDEXING'),
        () => set('PROBING'),
      ),
    ).toEqual(only('sweepIndexing'));
    const restated = await dueBetween(
      () => catalog.db.trackRestatement.create({ data: { trackId } }),
      () => catalog.db.trackRestatement.deleteMany(),
    );
    expect(restated).toEqual(only('restateTracks'));
  });

  it('finds imports under way, the hour of a source, and a round of re-analysis', async () => {
    const source = await aSource(null);
    const run = await dueBetween(
      () =>
        catalog.db.importRun.create({
          data: { id: newId('ImportRun'), sourceId: source.id, announceAt: PAST },
        }),
      () => catalog.db.importRun.deleteMany(),
    );
    expect(run).toEqual(only('sweepImports'));
    const hour = await dueBetween(
      () => aSource(PAST),
      () => catalog.db.importSource.deleteMany(),
    );
    expect(hour).toEqual(only('sweepImports'));
    const round = await dueBetween(
      () => catalog.db.reanalysis.create({ data: { total: 0 } }),
      () => catalog.db.reanalysis.deleteMany(),
    );
    expect(round).toEqual(only('advanceReanalysis'));
  });
});
