import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { encodeCursor, readPage, toConnection } from './pagination.ts';

const Cursor = z.tuple([z.number()]);
const rows = (count: number) => Array.from({ length: count }, (_none, index) => ({ position: index }));
const cursorOf = ({ position }: { position: number }): [number] => [position];

describe('readPage', () => {
  it.each([
    [{}, 20],
    [{ first: null }, 20],
    [{ first: 7 }, 7],
    [{ first: 0 }, 0],
    [{ first: 5_000 }, 100],
  ])('reads %j as %i rows and one more', (args, first) => {
    expect(readPage(args, Cursor)).toEqual({ first, take: first + 1, after: null });
  });

  it('gives back the cursor of an edge', () => {
    const { edges } = toConnection(rows(3), readPage({ first: 2 }, Cursor), cursorOf);
    expect(readPage({ after: edges[1]?.cursor ?? '' }, Cursor).after).toEqual([1]);
  });

  it.each([{ first: -1 }, { after: 'no cursor' }, { after: encodeCursor(['of', 'another list']) }])(
    'refuses %j',
    (args) => {
      expect(() => readPage(args, Cursor)).toThrow(
        expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
      );
    },
  );
});

describe('toConnection', () => {
  it('knows of a next page from the row too many', () => {
    const page = readPage({ first: 2, after: encodeCursor([0]) }, Cursor);
    const { edges, pageInfo } = toConnection(rows(3), page, cursorOf);
    expect(edges.map(({ node }) => node.position)).toEqual([0, 1]);
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: true,
      startCursor: edges[0]?.cursor,
      endCursor: edges[1]?.cursor,
    });
  });

  it('says that an empty list has no cursors', () => {
    expect(toConnection([], readPage({}, Cursor), cursorOf)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});
