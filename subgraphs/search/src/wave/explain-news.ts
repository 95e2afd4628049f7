import type { Decision } from './decision.ts';
import { type Language, wordsOf } from './languages.ts';
import { type WaveNews, WISHES } from './news.ts';
import type { WaveWishes } from './state.ts';
import type { WishValue, Words } from './words.ts';

export type TurnedDown = 'SKIPPED' | 'DISLIKED' | 'BLOCK_ARTIST' | 'NOT_NOW';

/** Why items that were announced are no longer wanted; a track that is gone has no title. */
export function noteTurnedDown(
  type: TurnedDown,
  trackId: string,
  track: { readonly title: string; readonly artistId: string; readonly artistName: string } | null,
  reason: Decision,
): WaveNews {
  if (type === 'BLOCK_ARTIST')
    return { kind: type, artistId: track?.artistId ?? null, artistName: track?.artistName ?? null };
  const named = { trackId, title: track?.title ?? null };
  if (type !== 'SKIPPED') return { kind: type, ...named };
  const anchor = reason.kind === 'LIKED' ? { trackId: reason.anchorId, title: reason.anchorTitle } : null;
  return { kind: type, ...named, anchor };
}

/** What a wave was tuned to. */
export function noteTuning(before: WaveWishes, after: WaveWishes): WaveNews {
  const changes = WISHES.flatMap((wish) => {
    const value: WishValue = after[wish];
    return String(value) === String(before[wish])
      ? []
      : [{ wish, value: typeof value === 'object' ? [...value] : value }];
  });
  return { kind: 'TUNED', changes };
}

type Of<Kind extends WaveNews['kind']> = Extract<WaveNews, { kind: Kind }>;
type Tell<Kind extends WaveNews['kind']> = (record: Of<Kind>, words: Words) => string;

const TEXTS: { readonly [Kind in WaveNews['kind']]: Tell<Kind> } = {
  SKIPPED: ({ title, anchor }, words) =>
    words.news.skipped(quote(words, title), quote(words, anchor?.title ?? null)),
  DISLIKED: ({ title }, words) => words.news.disliked(quote(words, title)),
  NOT_NOW: ({ title }, words) => words.news.notNow(quote(words, title)),
  BLOCK_ARTIST: ({ artistName }, { news }) => news.blocked(artistName),
  TUNED: ({ changes }, { news }) =>
    news.tuned(changes.map(({ wish, value }) => `${news.wishes[wish]}: ${news.value(value as WishValue)}`)),
  ENDED: ({ isNarrow }, { news }) => news.ended(isNarrow),
  GONE: (_record, { news }) => news.gone,
  SHAKEN: (_record, { news }) => news.shaken,
};

/** The record of a change in words. */
export function explainNews<Kind extends WaveNews['kind']>(
  record: Of<Kind> & { kind: Kind },
  language: Language = 'en',
): string {
  return TEXTS[record.kind](record, wordsOf(language));
}

const quote = (words: Words, title: string | null): string | null =>
  title === null ? null : words.quote(title);
