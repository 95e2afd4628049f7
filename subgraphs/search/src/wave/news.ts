import { z } from 'zod';

import type { WaveWishes } from './state.ts';

/** A track that is gone has no title. */
const Named = z.object({ trackId: z.string(), title: z.string().nullable() });
export const WISHES = [
  'mood',
  'activity',
  'familiarity',
  'languages',
  'explicit',
  'exploration',
  'energyCurve',
  'excludesAiSuspected',
] as const satisfies readonly (keyof WaveWishes)[];
const Value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** What a listener is told of a change of their wave: names and values, which are put into words when they are read. */
export const WaveNews = z.discriminatedUnion('kind', [
  // the anchor is what the track was picked for the sake of
  Named.extend({ kind: z.literal('SKIPPED'), anchor: Named.nullable() }),
  Named.extend({ kind: z.literal('DISLIKED') }),
  Named.extend({ kind: z.literal('NOT_NOW') }),
  z.object({
    kind: z.literal('BLOCK_ARTIST'),
    artistId: z.string().nullable(),
    artistName: z.string().nullable(),
  }),
  z.object({ kind: z.literal('GONE') }),
  z.object({ kind: z.literal('SHAKEN') }),
  z.object({ kind: z.literal('TUNED'), changes: z.array(z.object({ wish: z.enum(WISHES), value: Value })) }),
  // a narrow wave was asked to leave something out
  z.object({ kind: z.literal('ENDED'), isNarrow: z.boolean() }),
]);
export type WaveNews = z.infer<typeof WaveNews>;
