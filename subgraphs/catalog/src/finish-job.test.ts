import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobTry } from '@volna/events';
import { correlationId, withCorrelationId } from '@volna/platform/log';

import { claimJobs } from './domain/claim-job.ts';
import { finishTogether } from './domain/finish-job.ts';
import type { Job } from './models.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aTrack } from './testing/operations.ts';
import { aWorker } from './testing/worker.ts';

describe('finishTogether', () => {
  let catalog: TestCatalog;

  beforeAll(async () => {
    catalog = await openCatalog();
  });
  afterAll(() => catalog[Symbol.asyncDispose]());

  /** Tries that a worker has in hand. */
  async function someTries(count: number): Promise<JobTry[]> {
    const worker = aWorker(catalog);
    const tries: JobTry[] = [];
    for (let at = 0; at < count; at++) {
      const { jobId, attempt } = worker.transcodeOrder((await aTrack(catalog)).trackId);
      tries.push({ jobId, attempt });
    }
    await claimJobs(
      catalog.deps,
      tries.map((tried) => ({ ...tried, worker: 'test' })),
    );
    return tries;
  }

  const row = (id: string) => catalog.db.job.findUniqueOrThrow({ where: { id } });

  it('ends each try that is still wanted, once, and saves its result with it', async () => {
    const [one, two, late] = await someTries(3);
    await catalog.db.job.update({ where: { id: late!.jobId }, data: { attempt: 2 } });
    const saved: Job[] = [];
    const finish = finishTogether(catalog.db, async (_tx, job) => void saved.push(job));
    expect(await Promise.all([one!, two!, one!, late!, two!].map(finish))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(await finish(one!)).toBe(false);
    expect(saved).toEqual([await row(one!.jobId), await row(two!.jobId)]);
    expect(saved.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await row(late!.jobId)).toMatchObject({ state: 'RUNNING', attempt: 2 });
  });

  it('leaves what cannot be saved to its next delivery, and ends the others', async () => {
    const tries = await someTries(4);
    const bad = tries[2]!;
    const finish = finishTogether(catalog.db, async (_tx, job) => {
      if (job.id === bad.jobId) throw new Error('unfit');
    });
    const ended = await Promise.allSettled(tries.map(finish));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    const states = await Promise.all(tries.map(async ({ jobId }) => (await row(jobId)).state));
    expect(states).toEqual(['SUCCEEDED', 'SUCCEEDED', 'RUNNING', 'SUCCEEDED']);
  });

  it('saves each result as what its own message has caused', async () => {
    const tries = await someTries(3);
    const causes = new Map<string, string>();
    const finish = finishTogether(catalog.db, async (_tx, job) => void causes.set(job.id, correlationId()));
    await Promise.all(tries.map((tried) => withCorrelationId(`of ${tried.jobId}`, () => finish(tried))));
    expect(causes).toEqual(new Map(tries.map(({ jobId }) => [jobId, `of ${jobId}`])));
  });
});
