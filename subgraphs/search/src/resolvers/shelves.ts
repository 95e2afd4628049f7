import { typeOfId } from '@volna/events';
import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type {
  EmptyBecause,
  GeneratedPlaylistResolvers,
  QueryResolvers,
  RadioEdgeResolvers,
  ResolversTypes,
  ShelfItemResolvers,
  ShelfResolvers,
  UserResolvers,
} from '../generated/graphql.ts';
import type { User as UserModel } from '../models.ts';
import { playRadio } from '../radio/play-radio.ts';
import { readFirst } from '../read-first.ts';
import { listNew } from '../shelves/list-new.ts';
import { listPopular } from '../shelves/list-popular.ts';
import { becauseFresh, becausePopular, type Grounds } from '../shelves/reasons.ts';
import { showShelves } from '../shelves/show-shelves.ts';
import type { ShelfKind } from '../shelves/stored-shelf.ts';
import { offerPicks } from '../taste/offer-picks.ts';
import { wordsOf } from '../wave/languages.ts';
import { rounded } from './rounded.ts';

const MOST_PICKS = 40;
const MOST_SHELVED = 30;
const MOST_SHOWN = 400;

export const User: UserResolvers = {
  __resolveReference: (user) => user,
  taste: ({ id }, _args, context) => (isOwn(id, context) ? { userId: id } : null),
  discoverWeekly: async (user, _args, context) => (await show(user, context, 'DISCOVER_WEEKLY'))?.[0] ?? null,
  becauseYouListened: (user, _args, context) => show(user, context, 'BECAUSE_YOU_LISTENED'),
  dailyMixes: (user, _args, context) => show(user, context, 'DAILY_MIX'),
};

const isOwn = (userId: string, { viewer }: Context): boolean => viewer?.userId === userId;

async function show({ id, settings }: UserModel, context: Context, kind: ShelfKind) {
  if (!isOwn(id, context)) return null;
  return showShelves(
    context,
    { userId: id, explicit: settings?.explicitContent ?? true, language: context.language },
    kind,
  );
}

export const GeneratedPlaylist: GeneratedPlaylistResolvers = {
  items: ({ items }, { first }) => items.slice(0, readFirst(first, MOST_SHELVED, MOST_SHELVED)),
};

export const Shelf: ShelfResolvers = {
  anchor: ({ anchorId }) => (anchorId === null ? null : { id: anchorId }),
  items: ({ items }, { first }) => items.slice(0, readFirst(first, 20)),
};

export const ShelfItem: ShelfItemResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
  reason: ({ grounds }) => toReason(grounds),
};

export const RadioEdge: RadioEdgeResolvers = {
  node: ({ trackId }) => ({ id: trackId }),
  score: ({ score }) => rounded(score),
  reason: ({ grounds }) => toReason(grounds),
};

/** Of a radio of a single track why nothing sounds like that. */
async function whyNoRadio({ whyNothingByTrack }: Context, seed: string): Promise<EmptyBecause> {
  return typeOfId(seed) === 'Track' ? whyNothingByTrack.load(seed) : 'NO_MATCH';
}

export const shelfQueries = {
  async radio(_root, { seed, first, explicit }, context) {
    const wish = { first: readFirst(first, 20), explicit: explicit ?? true };
    const edges = await playRadio(context, seed, wish);
    return { edges, emptyBecause: edges.length > 0 ? null : await whyNoRadio(context, seed) };
  },
  async popularTracks(_root, { range, genre, first, explicit }, context) {
    const wish = { range: range ?? 'WEEK', genre: genre ?? null, explicit: explicit ?? true } as const;
    const tracks = await listPopular(context, context.viewer?.userId ?? null, wish, readFirst(first, 20));
    const words = wordsOf(context.language);
    return tracks.map(({ track }) => ({ trackId: track.id, grounds: becausePopular(words, track) }));
  },
  async newReleases(_root, { genre, first, explicit }, context) {
    const wish = { genre: genre ?? null, explicit: explicit ?? true };
    const tracks = await listNew(context, context.viewer?.userId ?? null, wish, readFirst(first, 20));
    const words = wordsOf(context.language);
    return tracks.map(({ track }) => ({ trackId: track.id, grounds: becauseFresh(words, track) }));
  },
  async onboardingPicks(_root, { first, shown }, context) {
    const count = readFirst(first, 12, MOST_PICKS);
    if ((shown?.length ?? 0) > MOST_SHOWN)
      throw new ClientError('BAD_USER_INPUT', `\`shown\` has ${MOST_SHOWN} ids at most`);
    const ids = await offerPicks(context, context.viewer?.userId ?? null, count, shown ?? []);
    return ids.map((trackId) => ({ trackId }));
  },
} satisfies QueryResolvers;

type Of<Kind extends Grounds['kind']> = Extract<Grounds, { kind: Kind }>;
type Reason = ResolversTypes['WaveReason'];

const REASONS: { readonly [Kind in Grounds['kind']]: (grounds: Of<Kind>) => Reason } = {
  LIKED: ({ anchorId, similarity, ...told }) => ({
    __typename: 'BecauseLiked',
    anchor: { id: anchorId },
    similarity: rounded(similarity),
    ...told,
  }),
  LISTENERS: ({ anchorId, ...told }) => ({
    __typename: 'BecauseListenersLikeYou',
    anchor: { id: anchorId },
    ...told,
  }),
  SEED: ({ similarity, ...told }) => ({
    __typename: 'BecauseSeed',
    similarity: rounded(similarity),
    ...told,
  }),
  POPULAR: (told) => ({ __typename: 'BecausePopular', ...told }),
  FRESH: (told) => ({ __typename: 'BecauseFresh', ...told }),
};

function toReason<Kind extends Grounds['kind']>(grounds: Of<Kind> & { kind: Kind }): Reason {
  return REASONS[grounds.kind](grounds);
}
