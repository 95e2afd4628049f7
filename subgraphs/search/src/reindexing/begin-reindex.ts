import { reindexBegun, reindexMoved } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { SearchVersion } from '../generated/prisma/client.ts';
import { TEXT_FORMAT } from '../text/entry-texts.ts';
import { lockVersions } from '../texts/live-versions.ts';

/** Orders a new version of all texts, and that catalog states all tracks anew, or gives the one that is being made. `advanceReindex` makes it. */
export async function beginReindex({ db, bus }: Pick<Deps, 'db' | 'bus'>): Promise<SearchVersion> {
  const begun = await db.$transaction(async (tx) => {
    await lockVersions(tx);
    const building = await tx.searchVersion.findFirst({ where: { state: 'BUILDING' } });
    return building ?? create(tx);
  });
  bus.signal(reindexMoved, { version: begun.version });
  return begun;
}

/** Orders one where the texts were made by code that prepared them otherwise. */
export async function reindexIfOutdated(deps: Pick<Deps, 'db' | 'bus'>): Promise<void> {
  const where = { state: 'SERVING', format: { not: TEXT_FORMAT } };
  if ((await deps.db.searchVersion.count({ where })) === 0) return;
  if ((await deps.db.searchEntry.count({ take: 1 })) > 0) await beginReindex(deps);
  else await deps.db.searchVersion.updateMany({ where, data: { format: TEXT_FORMAT } });
}

async function create(tx: Transaction): Promise<SearchVersion> {
  const { _max } = await tx.searchVersion.aggregate({ _max: { version: true } });
  const version = (_max.version ?? 0) + 1;
  for (const table of ['search_prefix', 'search_text', 'search_word']) {
    // made apart and attached, which keeps nobody from reading and writing
    const name = `${table}_${version}`;
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await tx.$executeRawUnsafe(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL)`);
    // oxlint-disable-next-line no-await-in-loop
    await tx.$executeRawUnsafe(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES IN (${version})`);
  }
  const total = await tx.searchEntry.count();
  await tx.outbox.create({ data: outboxRow(reindexBegun, { version }) });
  return tx.searchVersion.create({ data: { version, state: 'BUILDING', format: TEXT_FORMAT, total } });
}
