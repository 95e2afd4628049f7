import type { DataOf, genresChanged } from '@volna/events';

import type { Transaction } from '../database.ts';
import { normalise } from '../text/normalise.ts';
import { lockIds } from './lock-ids.ts';

/** Keeps the tree of genres as it is now, by names as entries have them. The first of two that fold alike counts. */
export async function noteGenres(
  tx: Transaction,
  { genres }: DataOf<typeof genresChanged>,
  occurredAt: Date,
): Promise<void> {
  await lockIds(tx, ['genres']);
  const stated = await tx.genreName.aggregate({ _max: { statedAt: true } });
  if ((stated._max.statedAt ?? occurredAt) > occurredAt) return;
  const names = genres.map(({ name, parent }) => ({
    key: normalise(name),
    parentKey: parent === null ? null : normalise(parent),
    sameAs: null,
    statedAt: occurredAt,
  }));
  const aliases = genres.flatMap(({ name, aliases: others }) =>
    others.map((alias) => ({
      key: normalise(alias),
      parentKey: null,
      sameAs: normalise(name),
      statedAt: occurredAt,
    })),
  );
  await tx.genreName.deleteMany();
  await tx.genreName.createMany({
    data: [...names, ...aliases].filter(({ key, sameAs }) => key !== '' && key !== sameAs),
    skipDuplicates: true,
  });
}
