import { describe, expect, it } from '@jest/globals';

import { readLoudness } from './loudness.ts';

function summary(lufs: string, lra: string, peak: string): string {
  return `[Parsed_ebur128_4 @ 0x5] Summary:

  Integrated loudness:
    I:         ${lufs} LUFS
    Threshold: -23.2 LUFS

  Loudness range:
    LRA:         ${lra} LU
    Threshold: -33.1 LUFS
    LRA low:   -14.0 LUFS
    LRA high:  -12.0 LUFS

  True peak:
    Peak:       ${peak} dBFS
`;
}

describe('readLoudness', () => {
  it('takes the last summary: the first one is printed before any sound', () => {
    const log = summary('-70.0', '0.0', '-inf') + summary('-13.1', '2.0', '-4.2');
    expect(readLoudness(log)).toEqual({ loudnessLufs: -13.1, loudnessRangeLu: 2, truePeakDbtp: -4.2 });
  });

  it('states nothing of silence', () => {
    const nothing = { loudnessLufs: null, loudnessRangeLu: null, truePeakDbtp: null };
    expect(readLoudness(summary('-70.0', '0.0', '-inf'))).toEqual(nothing);
    expect(readLoudness('')).toEqual(nothing);
  });
});
