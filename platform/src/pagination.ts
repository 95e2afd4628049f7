import { z } from 'zod';

import { ClientError } from './errors.ts';

const DEFAULT_FIRST = 20;
const MAX_FIRST = 100;

/** What a list query asks for, read. */
export interface Page<Cursor> {
  /** How many edges to give. */
  readonly first: number;
  /** How many rows to read: one more than `first`, which tells whether there is a next page. */
  readonly take: number;
  readonly after: Cursor | null;
}

export interface Connection<Row> {
  readonly edges: { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Reads `first` and `after`; the cursor's schema is the sort key of the list, for example `z.tuple([z.iso.datetime(), TrackId])`. */
export function readPage<Cursor>(
  { first, after }: PageArguments,
  cursor: z.ZodType<Cursor>,
  max: number = MAX_FIRST,
): Page<Cursor> {
  const wanted = first ?? DEFAULT_FIRST;
  if (wanted < 0) throw new ClientError('BAD_USER_INPUT', '`first` must not be negative');
  const count = Math.min(wanted, max);
  return { first: count, take: count + 1, after: after ? decodeCursor(after, cursor) : null };
}

/** The rows of a page, read with `take`, as a Relay connection. */
export function toConnection<Row, Cursor>(
  rows: readonly Row[],
  page: Page<Cursor>,
  cursorOf: (row: Row) => Cursor,
): Connection<Row> {
  const edges = rows.slice(0, page.first).map((node) => ({ cursor: encodeCursor(cursorOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function decodeCursor<Cursor>(text: string, cursor: z.ZodType<Cursor>): Cursor {
  const json = z.string().transform((value, context): unknown => {
    try {
      return JSON.parse(Buffer.from(value, 'base64url').toString());
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  });
  const parsed = json.pipe(cursor).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ClientError('BAD_USER_INPUT', '`after` is no cursor of this list');
}
