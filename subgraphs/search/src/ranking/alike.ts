/**
 * Cosine from which two tracks are called alike: of `music-embedding` 0.3.0, whose pairs of unrelated tracks are below
 * 0.42 in 99 of 100 cases (models/music-embedding/README.md).
 */
export const ALIKE = 0.42;
