import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { toSearchable } from '../text/searchable.ts';

const MIN_PREFIX = 3;
const MAX_PREFIX = 100;

export interface Suggestion {
  readonly text: string;
  readonly kind: 'TRACK' | 'ARTIST' | 'ALBUM' | 'PLAYLIST';
  readonly id: string;
}

/** Titles and names a word of which begins with what is typed: the most played first, each text once a kind. */
export async function suggest(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  prefix: string,
  first: number,
): Promise<Suggestion[]> {
  if (prefix.length > MAX_PREFIX) {
    throw new ClientError('BAD_USER_INPUT', `a prefix has at most ${MAX_PREFIX} characters`);
  }
  const { words, latin, sound } = toSearchable(prefix);
  if (words.length < MIN_PREFIX) return [];
  return db.$queryRaw<Suggestion[]>`
    WITH found AS (
      SELECT DISTINCT ON (e.kind, e.title_words) e.title AS text, e.kind, e.id, e.plays,
        similarity(${latin}, e.title_latin) AS likeness
      FROM search_entry e
      WHERE (e.title_latin LIKE ${`${latin}%`} OR e.title_latin LIKE ${`% ${latin}%`}
          OR e.title_sound LIKE ${`${sound}%`} OR e.title_sound LIKE ${`% ${sound}%`})
        AND (e.is_public OR e.owner_id = ${viewerId})
      ORDER BY e.kind, e.title_words, e.plays DESC, e.id
    )
    SELECT text, kind, id FROM found ORDER BY plays DESC, likeness DESC, text, id LIMIT ${first}`;
}
