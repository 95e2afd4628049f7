import { describe, expect, it } from '@jest/globals';

import { Nearness } from './nearness.ts';
import { aCandidate, anAnchor } from './testing-library.ts';

const anchorAt = (trackId: string, ...vector: number[]) =>
  anAnchor(aCandidate({ id: trackId }), { trackId, weight: 1, vector: Float32Array.from(vector) });

describe('Nearness', () => {
  it('goes by the model that most anchors are of, whichever comes first', () => {
    const [older, newer] = [Float32Array.of(0.6, 0.8), Float32Array.of(1, 0, 0)];
    const nearness = new Nearness(
      [anchorAt('new', 1, 0, 0), anchorAt('one', 1, 0), anchorAt('two', 0, 1)],
      [older, newer],
    );
    expect(nearness.loudest(older, null)).toMatchObject({ anchor: { trackId: 'two' } });
    expect(nearness.loudest(older, 'two')?.similarity).toBeCloseTo(0.6, 5);
    expect(nearness.loudest(newer, null)).toBeNull();
  });
});
