import { waveMoved } from '@volna/events';
import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Database } from '../database.ts';
import type { WaveLog } from '../generated/prisma/client.ts';
import type { WaveItem } from '../models.ts';
import { Decision } from '../wave/decision.ts';
import { explainNews } from '../wave/explain-news.ts';
import type { Language } from '../wave/languages.ts';
import { WaveNews } from '../wave/news.ts';
import { Transition } from '../wave/transition.ts';
import { follow, type News } from './follow.ts';

export type WaveUpdate =
  | { readonly __typename: 'WaveItems'; readonly items: WaveItem[] }
  | { readonly __typename: 'WaveRetuned'; readonly why: string; readonly removedSeqs: number[] }
  | { readonly __typename: 'WaveEnded'; readonly why: string };

/** What is to be played, then each change. A listener who comes back with the last seq they saw gets no item twice. */
export async function followWave(
  { db, bus }: Pick<Deps, 'db' | 'bus'>,
  userId: string,
  waveId: string,
  sinceSeq: number,
  language: Language,
): Promise<AsyncIterableIterator<WaveUpdate>> {
  const wave = await db.wave.findUnique({ where: { id: waveId, userId }, select: { id: true } });
  if (!wave) throw new ClientError('NOT_FOUND', 'there is no such wave');
  let position: number | null = null;
  const tell = teller(language);
  return follow(
    bus,
    waveMoved,
    (moved) => moved.waveId === waveId,
    async () => {
      const news: News<WaveUpdate> & { position: number } =
        position === null
          ? await readSnapshot(db, waveId, sinceSeq, tell)
          : await readLog(db, waveId, position, tell);
      position = news.position;
      return news;
    },
  );
}

/** The items that wait, and first of those that the listener knows the ones that were taken back meanwhile. */
async function readSnapshot(db: Database, waveId: string, sinceSeq: number, tell: Tell) {
  const known = await db.waveLog.findFirst({ where: { waveId, kind: 'ITEMS', seqs: { has: sinceSeq } } });
  const [wave, items, entries] = await db.$transaction(
    [
      db.wave.findUniqueOrThrow({ where: { id: waveId } }),
      db.waveItem.findMany({
        where: { waveId, state: 'QUEUED', seq: { gt: sinceSeq } },
        orderBy: { seq: 'asc' },
      }),
      db.waveLog.findMany({
        where: { waveId, kind: { not: 'ITEMS' }, n: { gt: known?.n ?? 0 } },
        orderBy: { n: 'asc' },
      }),
    ],
    { isolationLevel: 'RepeatableRead' },
  );
  const values: WaveUpdate[] = [];
  for (const entry of entries) {
    const removedSeqs = entry.kind === 'RETUNED' ? entry.seqs.filter((seq) => seq <= sinceSeq) : [];
    if (removedSeqs.length > 0) values.push({ __typename: 'WaveRetuned', why: tell(entry), removedSeqs });
  }
  values.push({ __typename: 'WaveItems', items: items.map(toItem) });
  const last = entries.at(-1);
  if (wave.isEnded) values.push({ __typename: 'WaveEnded', why: last ? tell(last) : '' });
  return { values, ended: wave.isEnded, position: wave.logLength };
}

async function readLog(db: Database, waveId: string, position: number, tell: Tell) {
  const entries = await db.waveLog.findMany({
    where: { waveId, n: { gt: position } },
    orderBy: { n: 'asc' },
  });
  const seqs = entries.flatMap((entry) => (entry.kind === 'ITEMS' ? entry.seqs : []));
  const rows = await db.waveItem.findMany({ where: { waveId, seq: { in: seqs } }, orderBy: { seq: 'asc' } });
  const items = rows.map(toItem);
  return {
    values: entries.map((entry) => toUpdate(entry, items, tell)),
    ended: entries.some(({ kind }) => kind === 'ENDED'),
    position: entries.at(-1)?.n ?? position,
  };
}

function toUpdate(entry: WaveLog, items: readonly WaveItem[], tell: Tell): WaveUpdate {
  const { kind, seqs } = entry;
  if (kind === 'ITEMS')
    return { __typename: 'WaveItems', items: items.filter(({ seq }) => seqs.includes(seq)) };
  if (kind === 'RETUNED') return { __typename: 'WaveRetuned', why: tell(entry), removedSeqs: seqs };
  return { __typename: 'WaveEnded', why: tell(entry) };
}

type Tell = (entry: Pick<WaveLog, 'why' | 'told'>) => string;

/** Entries of older releases have words only. */
function teller(language: Language): Tell {
  return ({ why, told }) => {
    const news = WaveNews.safeParse(told);
    return news.success ? explainNews(news.data, language) : (why ?? '');
  };
}

interface ItemRow extends Omit<WaveItem, 'reason' | 'transition'> {
  readonly reason: unknown;
  readonly transition: unknown;
}

/** A row as the resolvers take it. */
export function toItem(row: ItemRow): WaveItem {
  return {
    ...row,
    reason: Decision.parse(row.reason),
    transition: Transition.nullable().parse(row.transition),
  };
}
