import { describe, expect, it } from '@jest/globals';

import { explain } from './explain.ts';

const terms = { base: 0, artist: 0, context: 0, familiarity: 0, chance: 0 };
const liked = { kind: 'LIKED', anchorId: 'a', anchorTitle: 'X', source: 'LIKED', weight: 1, terms } as const;

describe('explain', () => {
  it('claims a likeness only where there is one', () => {
    expect(explain({ ...liked, similarity: 0.6 }, 'b')).toBe('Because you like “X”.');
    expect(explain({ ...liked, similarity: 0.3 }, 'b')).toBe('The nearest here to “X”, which you like.');
  });

  it('mentions what was asked for', () => {
    const near = { ...liked, similarity: 0.6, asked: 'calm' };
    expect(explain(near, 'b')).toBe('Calm, and near to “X”, which you like.');
    expect(explain({ kind: 'POPULAR', plays: 1, terms, asked: 'fit for sleep' }, 'b')).toBe(
      'Fit for sleep. Popular here: played 1 time.',
    );
  });
});
