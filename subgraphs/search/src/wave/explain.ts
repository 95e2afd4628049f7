import { ALIKE } from '../ranking/alike.ts';
import type { Decision } from './decision.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

type Of<Kind extends Decision['kind']> = Extract<Decision, { kind: Kind }>;

const TEXTS: { readonly [Kind in Decision['kind']]: (decision: Of<Kind>, trackId: string) => string } = {
  LIKED: becauseLiked,
  SEED: ({ seedTitle, similarity, asked }) =>
    similarity >= ALIKE && asked === undefined
      ? `Because this wave began from “${seedTitle}”.`
      : nearTo(`“${seedTitle}”, which this wave began from`, similarity, asked),
  ARTIST: ({ artistName, anchorTitle, isSameArtist, asked }) =>
    after(
      asked,
      isSameArtist
        ? `More of ${artistName}: “${anchorTitle}” is to your taste.`
        : `${artistName} sounds like “${anchorTitle}”, which is to your taste.`,
    ),
  GENRE: ({ genre, anchorTitle, asked }) =>
    after(asked, `${capitalise(genre)}, like “${anchorTitle}”, which is to your taste.`),
  LISTENERS: ({ support, anchorTitle, asked }) =>
    after(asked, `${support} listeners of “${anchorTitle}” play it too.`),
  POPULAR: ({ plays, asked }) =>
    after(asked, `Popular here: played ${plays} ${plays === 1 ? 'time' : 'times'}.`),
  FRESH: ({ uploadedAt, heard, genre, asked }) =>
    after(
      asked,
      `${genre === undefined ? 'Added' : `New ${genre}, added`} here on ${DATE.format(new Date(uploadedAt))}${heard ? '' : '; you have not heard it yet'}.`,
    ),
  EXPLORING: ({ testing, asked }) => after(asked, `Trying something else: ${testing}.`),
};

/** A decision record in words. `trackId` is the track that it picked. */
export function explain<Kind extends Decision['kind']>(
  decision: Of<Kind> & { kind: Kind },
  trackId: string,
): string {
  const text = TEXTS[decision.kind](decision, trackId);
  return decision.degraded
    ? `${text} (What sounds alike cannot be looked up now: chosen from what is popular, new or yours.)`
    : text;
}

function becauseLiked(
  { anchorId, anchorTitle, source, similarity, asked }: Of<'LIKED'>,
  trackId: string,
): string {
  const liked = source === 'LIKED';
  if (anchorId === trackId)
    return after(asked, liked ? 'One of your favourites.' : 'You have played it to the end before.');
  if (similarity < ALIKE || asked !== undefined) {
    const anchor = `“${anchorTitle}”, which you ${liked ? 'like' : 'played to the end'}`;
    return nearTo(anchor, similarity, asked);
  }
  return liked ? `Because you like “${anchorTitle}”.` : `Because you played “${anchorTitle}” to the end.`;
}

function nearTo(anchor: string, similarity: number, asked: string | undefined): string {
  const near = `${similarity >= ALIKE ? 'near' : 'the nearest here'} to ${anchor}.`;
  return asked === undefined ? capitalise(near) : `${capitalise(asked)}, and ${near}`;
}

/** The words after what was asked for. */
function after(asked: string | undefined, words: string): string {
  return asked === undefined ? words : `${capitalise(asked)}. ${words}`;
}

const capitalise = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
