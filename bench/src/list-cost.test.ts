import { expect, it } from '@jest/globals';

import { isMet } from './figure.ts';
import { measureListCost } from './list-cost.ts';

it('a list of a hundred costs as many fetches and statements as a list of ten', async () => {
  const figures = await measureListCost({ tell: () => {}, rounds: 1 });
  expect(figures.length).toBeGreaterThan(0);
  expect(
    figures.filter((row) => !('ours' in row) || (row.peer === null ? !isMet(row) : row.ours !== row.peer)),
  ).toEqual([]);
}, 180_000);
