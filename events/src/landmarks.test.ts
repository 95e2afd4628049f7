import { describe, expect, it } from '@jest/globals';

import { decodeLandmarks, encodeLandmarks, LANDMARK_HASHES } from './landmarks.ts';

describe('encodeLandmarks', () => {
  it('keeps each landmark, across long rests too', () => {
    const landmarks = {
      hashes: Uint32Array.of(0, LANDMARK_HASHES - 2, 5, 7),
      frames: Uint32Array.of(3, 3, 450_000, 450_001),
    };
    expect(decodeLandmarks(encodeLandmarks(landmarks))).toEqual(landmarks);
  });

  it('has nothing to say of silence', () => {
    const none = { hashes: new Uint32Array(0), frames: new Uint32Array(0) };
    expect(decodeLandmarks(encodeLandmarks(none))).toEqual(none);
  });

  it('refuses what is no such file', () => {
    expect(() => decodeLandmarks(Uint8Array.of(1, 2, 3, 4))).toThrow('not a file of landmarks');
    expect(() => decodeLandmarks(new Uint8Array(0))).toThrow('not a file of landmarks');
    expect(() =>
      decodeLandmarks(
        encodeLandmarks(
          decodeLandmarks(encodeLandmarks({ hashes: Uint32Array.of(1), frames: Uint32Array.of(1) })),
        ).subarray(0, 7),
      ),
    ).toThrow('not a file of landmarks');
  });
});
