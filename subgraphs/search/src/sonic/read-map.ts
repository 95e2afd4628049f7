import { ClientError } from '@volna/platform/errors';

import type { Database } from '../database.ts';

export interface MapBox {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export interface SoundMap {
  readonly madeAt: Date | null;
  readonly totalCount: number;
  readonly points: {
    readonly x: number;
    readonly y: number;
    readonly track: { readonly id: string };
  }[];
}

interface Row {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly total: bigint;
}

const ALL: MapBox = { left: -1, right: 1, bottom: -1, top: 1 };

/** The open tracks within a part of the map, the most played first; how many there are is counted over all of the part. */
export async function readMap(
  db: Database,
  box: MapBox | null | undefined,
  first: number,
): Promise<SoundMap> {
  const { left, right, bottom, top } = box ?? ALL;
  if (!(left <= right && bottom <= top))
    throw new ClientError('BAD_USER_INPUT', 'a box whose sides are the wrong way round');
  const map = await db.soundMap.findFirst({ where: { isServing: true }, orderBy: { version: 'desc' } });
  if (!map) return { madeAt: null, totalCount: 0, points: [] };
  const rows = await db.$queryRaw<Row[]>`
    SELECT t.id, p.x, p.y, count(*) OVER () AS total
    FROM track_place p JOIN indexed_track t ON t.id = p.track_id
    WHERE p.version = ${map.version} AND t.is_open
      AND p.x BETWEEN ${left}::float8 AND ${right}::float8 AND p.y BETWEEN ${bottom}::float8 AND ${top}::float8
    ORDER BY t.plays DESC, t.id DESC
    LIMIT ${Math.max(1, first)}`;
  return {
    madeAt: map.madeAt,
    totalCount: Number(rows[0]?.total ?? 0),
    points: rows.slice(0, first).map(({ id, x, y }) => ({ x, y, track: { id } })),
  };
}
