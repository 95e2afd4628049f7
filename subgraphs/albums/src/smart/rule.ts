import { z } from 'zod';

const MAX_DEPTH = 5;
const MAX_CONDITIONS = 50;
const MAX_DAYS = 36_500;

type RangeOf<Value> = { readonly min?: Value | null | undefined; readonly max?: Value | null | undefined };

/** One condition on a track: exactly one field. */
export interface Rule {
  readonly all?: readonly Rule[] | undefined;
  readonly any?: readonly Rule[] | undefined;
  readonly not?: Rule | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly artistIds?: readonly string[] | undefined;
  readonly year?: RangeOf<number> | undefined;
  readonly tempo?: RangeOf<number> | undefined;
  readonly energy?: RangeOf<number> | undefined;
  readonly durationMs?: RangeOf<number> | undefined;
  readonly reactions?: readonly ('LIKE' | 'DISLIKE' | 'NONE')[] | undefined;
  readonly addedWithinDays?: number | undefined;
  readonly playedWithinDays?: number | undefined;
  readonly isPlayed?: boolean | undefined;
}

const Range = z
  .object({ min: z.number().nullish(), max: z.number().nullish() })
  .refine(({ min, max }) => min != null || max != null, 'say from where or up to where')
  .refine(({ min, max }) => min == null || max == null || min <= max, '`min` is larger than `max`');
const Rules = z.lazy(() => z.array(Rule).min(1, 'name a condition'));
const Days = z.number().int().min(1, 'at least a day').max(MAX_DAYS, 'at most a hundred years');
const texts = z.array(z.string().trim().min(1).max(200)).min(1, 'name one').max(50, 'at most 50');

/** A rule as it is stored, and as a client sends it: fields that are null are left out. */
export const Rule: z.ZodType<Rule> = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      all: Rules.optional(),
      any: Rules.optional(),
      not: z.lazy(() => Rule).optional(),
      genres: texts.optional(),
      artistIds: texts.optional(),
      year: Range.optional(),
      tempo: Range.optional(),
      energy: Range.optional(),
      durationMs: Range.optional(),
      reactions: z
        .array(z.enum(['LIKE', 'DISLIKE', 'NONE']))
        .min(1, 'name one')
        .max(3)
        .optional(),
      addedWithinDays: Days.optional(),
      playedWithinDays: Days.optional(),
      isPlayed: z.boolean().optional(),
    })
    .refine((rule) => Object.keys(rule).length === 1, 'a condition has exactly one field'),
);

/** How a playlist is filled. */
export const SmartRules = z.object({
  rule: Rule.nullish()
    .refine((rule) => !rule || depthOf(rule) <= MAX_DEPTH, `conditions nest at most ${MAX_DEPTH} deep`)
    .refine((rule) => !rule || countOf(rule) <= MAX_CONDITIONS, `at most ${MAX_CONDITIONS} conditions`)
    .transform((rule) => rule ?? null),
  sort: z
    .enum(['ADDED_AT', 'LAST_PLAYED', 'PLAYS', 'TITLE', 'ARTIST', 'YEAR', 'TEMPO', 'ENERGY', 'DURATION'])
    .nullish()
    .transform((sort) => sort ?? 'ADDED_AT'),
  direction: z
    .enum(['ASC', 'DESC'])
    .nullish()
    .transform((direction) => direction ?? 'DESC'),
  limit: z
    .number()
    .int()
    .min(1, 'at least one track')
    .max(1000, 'at most 1,000 tracks')
    .nullish()
    .transform((limit) => limit ?? 100),
});
export type SmartRules = z.infer<typeof SmartRules>;

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field != null));
}

function childrenOf({ all, any, not }: Rule): readonly Rule[] {
  return [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])];
}

function depthOf(rule: Rule): number {
  return 1 + Math.max(0, ...childrenOf(rule).map(depthOf));
}

function countOf(rule: Rule): number {
  return childrenOf(rule).reduce((sum, child) => sum + countOf(child), 1);
}
