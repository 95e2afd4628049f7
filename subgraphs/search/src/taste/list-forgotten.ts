import type { Deps } from '../context.ts';

/** The latest of them are shown. */
const MOST_FORGOTTEN = 100;

export interface ForgottenAnchor {
  readonly trackId: string;
  readonly at: Date;
}

/** What the user has forgotten and may restore, last forgotten first; open tracks only. */
export function listForgotten({ db }: Pick<Deps, 'db'>, userId: string): Promise<ForgottenAnchor[]> {
  return db.$queryRaw<ForgottenAnchor[]>`
    SELECT t.id AS "trackId", c.forgotten_at AS at FROM taste_choice c
    JOIN indexed_track t ON t.id = c.track_id AND t.is_open
    WHERE c.user_id = ${userId} AND c.forgotten_at IS NOT NULL
    ORDER BY c.forgotten_at DESC, c.track_id LIMIT ${MOST_FORGOTTEN}`;
}
