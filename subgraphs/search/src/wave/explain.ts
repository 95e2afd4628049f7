import type { Decision } from './state.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

type Of<Kind extends Decision['kind']> = Extract<Decision, { kind: Kind }>;

const TEXTS: { readonly [Kind in Decision['kind']]: (decision: Of<Kind>, trackId: string) => string } = {
  LIKED: becauseLiked,
  SEED: ({ seedTitle }) => `Because this wave began from “${seedTitle}”.`,
  POPULAR: ({ plays }) => `Popular here: played ${plays} ${plays === 1 ? 'time' : 'times'}.`,
  FRESH: ({ uploadedAt, heard }) =>
    `Added here on ${DATE.format(new Date(uploadedAt))}${heard ? '' : '; you have not heard it yet'}.`,
  EXPLORING: ({ testing }) => `Trying something else: ${testing}.`,
};

/** A decision record in words. `trackId` is the track that it picked. */
export function explain<Kind extends Decision['kind']>(
  decision: Of<Kind> & { kind: Kind },
  trackId: string,
): string {
  return TEXTS[decision.kind](decision, trackId);
}

function becauseLiked({ anchorId, anchorTitle, source }: Of<'LIKED'>, trackId: string): string {
  const liked = source === 'LIKED';
  if (anchorId === trackId)
    return liked ? 'One of your favourites.' : 'You have played it to the end before.';
  return liked ? `Because you like “${anchorTitle}”.` : `Because you played “${anchorTitle}” to the end.`;
}
