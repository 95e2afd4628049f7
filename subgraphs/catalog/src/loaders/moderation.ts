import type { Page } from '@volna/platform/pagination';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { ContentReport, ModerationAction, ModerationCase } from '../models.ts';

/** Of one case, at most: the newest. */
const MAX_REPORTS = 200;

/** What a request reads of moderation: one statement each, however many cases there are. */
export function createModerationLoaders(db: Database) {
  return {
    caseByTarget: createCaseByTarget(db),
    casesByOwner: createCasesByOwner(db),
    reportCountByCase: createReportCountByCase(db),
    reportsByCase: createReportsByCase(db),
    actionsByCase: createActionsByCase(db),
  };
}

export type ModerationLoaders = ReturnType<typeof createModerationLoaders>;

/** The case that is open about a thing, or else the last one. */
function createCaseByTarget(db: Database) {
  return new DataLoader<string, ModerationCase | null>(async (targetIds) => {
    const cases = await db.moderationCase.findMany({
      where: { targetId: { in: [...targetIds] } },
      distinct: ['targetId'],
      orderBy: [{ targetId: 'asc' }, { id: 'desc' }],
    });
    const byTarget = new Map(cases.map((each) => [each.targetId, each]));
    return targetIds.map((id) => byTarget.get(id) ?? null);
  });
}

interface OwnerPage {
  readonly ownerId: string;
  readonly page: Page<string>;
}

const pageKey = ({ first, after }: Page<string>) => `${first}:${after ?? ''}`;

/** A page of cases about each owner's things, the newest first: two statements for each page that is asked for. */
function createCasesByOwner(db: Database) {
  return new DataLoader<OwnerPage, ModerationCase[], string>(
    async (keys) => {
      const found = new Map<string, ModerationCase[]>();
      for (const [key, group] of Map.groupBy(keys, ({ page }) => pageKey(page))) {
        const ownerIds = group.map(({ ownerId }) => ownerId);
        // oxlint-disable-next-line no-await-in-loop -- one kind of page, seldom several
        const cases = group[0] ? await readPages(db, ownerIds, group[0].page) : [];
        for (const [ownerId, rows] of Map.groupBy(cases, (each) => each.ownerId)) {
          found.set(`${ownerId}:${key}`, rows);
        }
      }
      return keys.map(({ ownerId, page }) => found.get(`${ownerId}:${pageKey(page)}`) ?? []);
    },
    { cacheKeyFn: ({ ownerId, page }) => `${ownerId}:${pageKey(page)}` },
  );
}

async function readPages(
  db: Database,
  ownerIds: readonly string[],
  { after, take }: Page<string>,
): Promise<ModerationCase[]> {
  const chosen = await db.$queryRaw<{ id: string }[]>`
    SELECT page.id FROM unnest(${ownerIds}::text[]) AS wanted (owner_id)
    CROSS JOIN LATERAL (
      SELECT id FROM moderation_case
      WHERE owner_id = wanted.owner_id AND (${after}::text IS NULL OR id < ${after})
      ORDER BY id DESC LIMIT ${take}
    ) AS page`;
  return db.moderationCase.findMany({
    where: { id: { in: chosen.map(({ id }) => id) } },
    orderBy: { id: 'desc' },
  });
}

function createReportCountByCase(db: Database) {
  return new DataLoader<string, number>(async (caseIds) => {
    const counts = await db.contentReport.groupBy({
      by: ['caseId'],
      where: { caseId: { in: [...caseIds] } },
      _count: true,
    });
    const byCase = new Map(counts.map(({ caseId, _count }) => [caseId, _count]));
    return caseIds.map((id) => byCase.get(id) ?? 0);
  });
}

/** The latest reports of each case, the oldest of them first. */
function createReportsByCase(db: Database) {
  return new DataLoader<string, ContentReport[]>(async (caseIds) => {
    const rows = await db.$queryRaw<ContentReport[]>`
      SELECT page.case_id AS "caseId", page.reporter_id AS "reporterId", page.category, page.text,
        page.created_at AS "createdAt"
      FROM unnest(${caseIds}::text[]) AS wanted (case_id)
      CROSS JOIN LATERAL (
        SELECT * FROM content_report WHERE case_id = wanted.case_id
        ORDER BY created_at DESC, reporter_id DESC LIMIT ${MAX_REPORTS}
      ) AS page
      ORDER BY page.created_at, page.reporter_id`;
    const byCase = Map.groupBy(rows, ({ caseId }) => caseId);
    return caseIds.map((id) => byCase.get(id) ?? []);
  });
}

/** What was done in a case, in order. */
function createActionsByCase(db: Database) {
  return new DataLoader<string, ModerationAction[]>(async (caseIds) => {
    const rows = await db.moderationAction.findMany({
      where: { caseId: { in: [...caseIds] } },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    });
    const byCase = Map.groupBy(rows, ({ caseId }) => caseId);
    return caseIds.map((id) => byCase.get(id) ?? []);
  });
}
