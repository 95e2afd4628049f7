/**
 * Cosine from which two tracks are called alike: of `music-embedding` 0.2.0, whose random pairs are below 0.33 in 99 of
 * 100 cases (models/music-embedding/README.md).
 */
export const ALIKE = 0.35;
