import type { VectorFilter } from '@volna/platform/vectors';

import type { Database } from '../database.ts';
import { genresBelow } from '../finding/filter-sql.ts';
import type { Filter } from '../finding/types.ts';

type Value = string | number | boolean;

/** What the vector store lets through: open tracks that are as `SearchFilter` wants them. One statement where it names a genre. */
export async function toVectorFilter(db: Database, filter: Filter): Promise<VectorFilter> {
  const { genre, artistId, key, language, explicit } = filter;
  const anyOf: Record<string, readonly Value[]> = { isOpen: [true] };
  if (genre != null) {
    const rows = await db.$queryRaw<{ key: string }[]>`${genresBelow(genre)}`;
    anyOf.genres = rows.map((row) => row.key);
  }
  if (artistId != null) anyOf.artistIds = [artistId];
  if (key != null) anyOf.key = [key.trim().toLowerCase()];
  if (language != null) anyOf.languages = [language.toLowerCase()];
  if (explicit != null) anyOf.explicit = [explicit];
  if (filter.excludeAiSuspected) anyOf.isAiSuspected = [false];
  const range = {
    ...within('year', filter.yearFrom, filter.yearTo),
    ...within('tempo', filter.tempoFrom, filter.tempoTo),
    ...within('energy', filter.energyFrom, filter.energyTo),
    ...within('durationMs', filter.durationFromMs, filter.durationToMs),
  };
  return { anyOf, range };
}

function within(field: string, gte?: number | null, lte?: number | null) {
  if (gte == null && lte == null) return {};
  return { [field]: { ...(gte == null ? {} : { gte }), ...(lte == null ? {} : { lte }) } };
}
