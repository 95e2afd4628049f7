import { z } from 'zod';

import { defineEvent } from './definition.ts';
import { UserId } from './ids.ts';

/** What people looked for, some at a time, as search answered it. */
export const searchesMade = defineEvent(
  'analytics.searches.made',
  z.object({
    searches: z.array(
      z.object({
        id: z.string(),
        userId: UserId.nullable(),
        query: z.string(),
        /** Things on the first page. */
        results: z.number().int().nonnegative(),
        ms: z.number().nonnegative(),
        at: z.iso.datetime(),
      }),
    ),
  }),
);

/** Operations that a gateway answered, some at a time. */
export const operationsRun = defineEvent(
  'analytics.operations.run',
  z.object({
    /** The share of all operations that is logged, 0–1: each stands for `1 / share` of them. */
    share: z.number().positive().max(1),
    operations: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        /** SHA-256 of the text, in hex. */
        hash: z.string(),
        userId: UserId.nullable(),
        status: z.enum(['OK', 'ERROR']),
        /** Of the first error. */
        errorCode: z.string().nullable(),
        ms: z.number().nonnegative(),
        cost: z.number().nonnegative(),
        at: z.iso.datetime(),
      }),
    ),
  }),
);
