import type { MelFrames, MelSettings } from './mel.ts';

/** One listener of the one pass over a track. */
export interface Part<Finding> {
  readonly settings: MelSettings;
  hear(frames: MelFrames): Promise<void>;
  conclude(): Promise<Finding>;
}

/** A part that has nothing to say of this track, with the reason. */
export class PartError extends Error {
  override name = 'PartError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The model's own patches, each time that this many have come together. */
export const BATCH = 8;

/** So many patches at most: of a longer track, only every second or third position and so on is looked at. */
export function strideFor(seconds: number, secondsApart: number, max: number): number {
  return Math.max(1, Math.ceil(seconds / secondsApart / max));
}
