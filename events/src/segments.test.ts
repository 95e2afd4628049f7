import { describe, expect, it } from '@jest/globals';

import { decodeSegments, segmentsHeader } from './segments.ts';

const ROWS = Float32Array.of(0.6, 0.8, 0, 0, 0, 0, 0, 1, 0);
const BYTES = new Uint8Array(ROWS.buffer);

describe('decodeSegments', () => {
  it('takes the length of a vector from the file', () => {
    const file = Buffer.concat([segmentsHeader(3), BYTES]);
    expect(decodeSegments(file, 192)).toEqual({ dimension: 3, values: ROWS });
    // as a store may hand it out: in the middle of a larger buffer, its last row cut short
    const shifted = Buffer.concat([Buffer.alloc(1), file]).subarray(1, -2);
    expect(decodeSegments(shifted, 192)).toEqual({ dimension: 3, values: ROWS.subarray(0, 6) });
  });

  it('reads a file of an earlier release, which does not say it', () => {
    expect(decodeSegments(BYTES, 3)).toEqual({ dimension: 3, values: ROWS });
  });

  it.each([new Uint8Array(0), segmentsHeader(0), segmentsHeader(128)])(
    'has no rows of none (%#)',
    (bytes) => {
      expect(decodeSegments(bytes, 3).values).toHaveLength(0);
    },
  );
});
