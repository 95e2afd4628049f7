import { ALIKE } from '../ranking/alike.ts';
import type { Decision } from './decision.ts';
import { capitalise, type Language, wordsOf } from './languages.ts';
import type { ReasonWords } from './words.ts';

type Of<Kind extends Decision['kind']> = Extract<Decision, { kind: Kind }>;
type Tell<Kind extends Decision['kind']> = (
  decision: Of<Kind>,
  words: ReasonWords,
  trackId: string,
) => string;

const TEXTS: { readonly [Kind in Decision['kind']]: Tell<Kind> } = {
  LIKED: becauseLiked,
  SEED: ({ seedTitle, similarity, asked, angle }, words) =>
    similarity >= ALIKE && asked === undefined && angle !== 'NEAR'
      ? words.becauseSeed(words.quote(seedTitle))
      : nearTo(words, words.seed(words.quote(seedTitle)), similarity, asked),
  ARTIST: (decision, words) => after(words, decision.asked, tellArtist(decision, words)),
  GENRE: ({ genre, asked, ...of }, words) =>
    after(words, asked, words.genre(capitalise(genre), liked(of, words))),
  LISTENERS: ({ support, anchorTitle, asked }, words) =>
    after(words, asked, words.listeners(support, words.quote(anchorTitle))),
  POPULAR: ({ plays, asked }, words) => after(words, asked, words.popular(plays)),
  FRESH: (decision, words) => after(words, decision.asked, tellFresh(decision, words)),
  EXPLORING: ({ testing, asked }, words) => after(words, asked, words.exploring(testing)),
};

/** A decision record in words. `trackId` is the track that it picked. */
export function explain<Kind extends Decision['kind']>(
  decision: Of<Kind> & { kind: Kind },
  trackId: string,
  language: Language = 'en',
): string {
  const words = wordsOf(language);
  const text = TEXTS[decision.kind](decision, words, trackId);
  return decision.degraded ? `${text} ${words.degraded}` : text;
}

/** The anchor's title where it is to the listener's taste, not only what the wave began from. */
function liked(
  { anchorTitle, isSeed }: Pick<Of<'GENRE'>, 'anchorTitle' | 'isSeed'>,
  words: ReasonWords,
): string | null {
  return isSeed === true ? null : words.quote(anchorTitle);
}

function becauseLiked(
  { anchorId, anchorTitle, source, similarity, asked, angle, traits }: Of<'LIKED'>,
  words: ReasonWords,
  trackId: string,
): string {
  if (anchorId === trackId) return after(words, asked, words.own[source]);
  const title = words.quote(anchorTitle);
  if (angle === 'TRAITS') return after(words, asked, capitalise(words.inCommon(traits, title)));
  if (similarity >= ALIKE && asked === undefined && angle !== 'NEAR') return words.because[source](title);
  return nearTo(words, words.anchor[source](title), similarity, asked);
}

function tellArtist(
  { artistName, isSameArtist, angle, traits, ...of }: Of<'ARTIST'>,
  words: ReasonWords,
): string {
  const title = liked(of, words);
  if (angle === 'TRAITS' && title !== null) return capitalise(words.inCommon(traits, title));
  return words[isSameArtist ? 'sameArtist' : 'soundsLike'](artistName, title);
}

function tellFresh(
  { uploadedAt, heard, genre, artistName, feeling, angle }: Of<'FRESH'>,
  words: ReasonWords,
): string {
  if (angle === 'GENRE' && genre !== undefined) return words.freshGenre(capitalise(genre), heard);
  if (angle === 'ARTIST' && artistName !== undefined) return words.freshArtist(artistName, heard);
  if (angle === 'FEELING' && feeling !== undefined) return capitalise(words.freshFeeling(feeling, heard));
  return words.fresh(new Date(uploadedAt), angle === 'DATE' ? undefined : genre, heard);
}

function nearTo(words: ReasonWords, anchor: string, similarity: number, asked: string | undefined): string {
  const near = words.near(anchor, similarity >= ALIKE);
  return capitalise(asked === undefined ? near : words.askedAnd(words.asked(asked), near));
}

/** The words after what was asked for. */
function after(words: ReasonWords, asked: string | undefined, text: string): string {
  return asked === undefined ? text : `${capitalise(words.asked(asked))}. ${text}`;
}
