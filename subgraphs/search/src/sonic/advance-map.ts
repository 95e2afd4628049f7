import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import { decodeVector } from '../ranking/vector.ts';
import { placeOf } from './place.ts';
import { type Axes, Scatter } from './principal-axes.ts';

/** Fewer tracks are no map. */
const FEWEST = 3;
/** A library that has grown by so much is drawn anew. */
const GROWTH = 1.25;
const BATCH = 500;

interface Row {
  readonly id: string;
  readonly embedding: Uint8Array;
}

/**
 * Draws the map of the library where there is none or the library is another by now, and puts new tracks into the one there
 * is. The old map serves while a new one is drawn; whoever stops is followed by the next start.
 */
export async function advanceMap(deps: Pick<Deps, 'db'>): Promise<void> {
  const { db } = deps;
  const [latest] = await db.soundMap.findMany({ orderBy: { version: 'desc' }, take: 1 });
  const [common] = await db.indexedTrack.groupBy({
    by: ['embeddingModel'],
    where: { embeddingModel: { not: null } },
    _count: true,
    orderBy: [{ _count: { embeddingModel: 'desc' } }, { embeddingModel: 'asc' }],
    take: 1,
  });
  const model = common?.embeddingModel;
  if (!common || !model || common._count < FEWEST) return;
  const isDue =
    !latest || (latest.isServing && (latest.model !== model || common._count > latest.tracks * GROWTH));
  const map = isDue ? await measure(deps, (latest?.version ?? 0) + 1, model) : latest;
  const axes = decodeAxes(map);
  while ((await placeSome(deps, map.version, map.model, axes)) === BATCH);
  if (!map.isServing) await serve(deps, map.version);
}

type Latest = NonNullable<Awaited<ReturnType<Deps['db']['soundMap']['findUnique']>>>;

/** The axes of all that there is by now. */
async function measure({ db }: Pick<Deps, 'db'>, version: number, model: string): Promise<Latest> {
  let scatter: Scatter | undefined;
  for (let after = ''; ;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other keeps memory flat
    const rows = await db.indexedTrack.findMany({
      where: { id: { gt: after }, embeddingModel: model },
      select: { id: true, embedding: true },
      orderBy: { id: 'asc' },
      take: BATCH,
    });
    for (const { embedding } of rows) {
      const vector = decodeVector(embedding ?? new Uint8Array());
      scatter ??= new Scatter(vector.length);
      scatter.add(vector);
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < BATCH) break;
  }
  if (!scatter) throw new Error(`no vector of ${model} is left`);
  const data = { version, model, tracks: scatter.count, axes: encodeAxes(scatter.axes()), isServing: false };
  // another process may have been faster
  await db.soundMap.createMany({ data, skipDuplicates: true });
  return db.soundMap.findUniqueOrThrow({ where: { version } });
}

/** Puts some of those tracks into a map that are not in it; gives how many. */
async function placeSome(
  { db }: Pick<Deps, 'db'>,
  version: number,
  model: string,
  axes: Axes,
): Promise<number> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT t.id, t.embedding FROM indexed_track t
    WHERE t.embedding_model = ${model}
      AND NOT EXISTS (SELECT FROM track_place p WHERE p.version = ${version} AND p.track_id = t.id)
    LIMIT ${BATCH}`;
  await db.trackPlace.createMany({
    data: rows.map(({ id, embedding }) => ({
      version,
      trackId: id,
      ...placeOf(axes, decodeVector(embedding)),
    })),
    skipDuplicates: true,
  });
  return rows.length;
}

async function serve({ db }: Pick<Deps, 'db'>, version: number): Promise<void> {
  await db.$transaction([
    db.soundMap.update({ where: { version }, data: { isServing: true, madeAt: new Date() } }),
    db.soundMap.deleteMany({ where: { version: { lt: version } } }),
    db.trackPlace.deleteMany({ where: { version: { lt: version } } }),
  ]);
  logger.info({ version }, 'the map of the library is drawn');
}

/** Mean, first and second axis one after the other, and the spread. */
function encodeAxes({ mean, first, second, spread }: Axes): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float64Array.from([...mean, ...first, ...second, spread]).buffer);
}

function decodeAxes({ axes }: Latest): Axes {
  const numbers = new Float64Array(Uint8Array.from(axes).buffer);
  const size = (numbers.length - 1) / 3;
  const [mean, first, second] = [0, 1, 2].map((at) => numbers.subarray(at * size, (at + 1) * size));
  if (!mean || !first || !second) throw new Error('a map without axes');
  return { mean, first, second, spread: numbers[size * 3] ?? 0 };
}
