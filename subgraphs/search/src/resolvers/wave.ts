import { toItem } from '../domain/follow-wave.ts';
import type {
  ResolversTypes,
  WaveDecisionResolvers,
  WaveItemResolvers,
  WaveResolvers,
} from '../generated/graphql.ts';
import type { Decision } from '../wave/decision.ts';
import { explain } from '../wave/explain.ts';
import { rounded } from './rounded.ts';

export const Wave: WaveResolvers = {
  async items({ id, items }, _args, { db }) {
    if (items) return [...items];
    const where = { waveId: id, state: 'QUEUED' };
    return (await db.waveItem.findMany({ where, orderBy: { seq: 'asc' } })).map(toItem);
  },
};

export const WaveItem: WaveItemResolvers = {
  score: ({ score }) => rounded(score),
  batchId: ({ batch }) => String(batch),
  track: ({ trackId }) => ({ id: trackId }),
  album: ({ albumId }) => (albumId === null ? null : { id: albumId }),
  item: ({ trackId, albumId }) =>
    albumId === null ? { __typename: 'Track', id: trackId } : { __typename: 'Album', id: albumId },
  reason: ({ reason, trackId }, _args, { language }) => toReason(reason, explain(reason, trackId, language)),
  decision: (item) => item,
};

export const WaveDecision: WaveDecisionResolvers = {
  reason: ({ reason, trackId }, _args, { language }) => toReason(reason, explain(reason, trackId, language)),
  terms: ({ reason }) =>
    Object.entries(reason.terms).flatMap(([name, value]) =>
      value === 0 ? [] : [{ name, value: rounded(value) }],
    ),
  passed: ({ reason }) => reason.passed,
  relaxed: ({ reason }) => reason.relaxed,
  anchor: ({ reason }) => ('anchorId' in reason ? { id: reason.anchorId } : null),
  anchorWeight: ({ reason }) => ('anchorId' in reason ? rounded(reason.weight) : null),
  sharedTraits: ({ reason }) => ('traits' in reason ? reason.traits : []),
};

type Reason = ResolversTypes['WaveReason'];
type Of<Kind extends Decision['kind']> = Extract<Decision, { kind: Kind }>;

const REASONS: { readonly [Kind in Decision['kind']]: (decision: Of<Kind>, text: string) => Reason } = {
  LIKED: ({ anchorId, similarity, traits }, text) => ({
    __typename: 'BecauseLiked',
    text,
    anchor: { id: anchorId },
    similarity: rounded(similarity),
    sharedTraits: traits,
  }),
  SEED: ({ seed, similarity, traits }, text) => ({
    __typename: 'BecauseSeed',
    text,
    seed,
    similarity: rounded(similarity),
    sharedTraits: traits,
  }),
  ARTIST: ({ artistId, anchorId }, text) => ({
    __typename: 'BecauseArtist',
    text,
    artist: { id: artistId },
    anchor: { id: anchorId },
  }),
  GENRE: ({ genre, anchorId }, text) => ({
    __typename: 'BecauseGenre',
    text,
    genre,
    anchor: { id: anchorId },
  }),
  LISTENERS: ({ support, anchorId }, text) => ({
    __typename: 'BecauseListenersLikeYou',
    text,
    support,
    anchor: { id: anchorId },
  }),
  POPULAR: ({ plays }, text) => ({ __typename: 'BecausePopular', text, plays }),
  FRESH: ({ uploadedAt }, text) => ({ __typename: 'BecauseFresh', text, uploadedAt }),
  EXPLORING: ({ testing }, text) => ({ __typename: 'Exploring', text, testing }),
};

function toReason<Kind extends Decision['kind']>(decision: Of<Kind> & { kind: Kind }, text: string): Reason {
  return REASONS[decision.kind](decision, text);
}
