import type { ListedObject } from '@volna/platform/objects';

/** The clock of the store may be behind ours. */
const SKEW_MS = 5 * 60_000;
/** S3 says of an object that was sent in parts when the first of them was: no upload is open for longer than a week. */
const OPEN_MS = 8 * 24 * 60 * 60_000;

export interface Rounds {
  /** Takes everything. */
  readonly wantsFirst: (listed: ListedObject) => boolean;
  /** Takes what the first round has not seen, and what was written after its beginning. */
  readonly wantsLater: (listed: ListedObject) => boolean;
}

/** Which objects are copied before the point, and which after it. */
export function twoRounds(begunAt: Date): Rounds {
  const seen = new Set<string>();
  const isWithin = ({ modifiedAt }: ListedObject, ms: number) =>
    modifiedAt.getTime() > begunAt.getTime() - ms;
  return {
    wantsFirst: (listed) => {
      // all others have been there for long
      if (isWithin(listed, OPEN_MS)) seen.add(listed.key);
      return true;
    },
    wantsLater: (listed) => isWithin(listed, OPEN_MS) && (isWithin(listed, SKEW_MS) || !seen.has(listed.key)),
  };
}
