import { ClientError } from '@volna/platform/errors';
import { logger } from '@volna/platform/log';
import {
  CollectionNotFoundError,
  type VectorFilter,
  type VectorHit,
  type Vectors,
  type VectorTarget,
} from '@volna/platform/vectors';

import { trackCollection } from '../vector-names.ts';

const AT_A_TIME = 4;

export interface Question {
  readonly model: string;
  readonly target: VectorTarget;
  readonly limit: number;
  readonly filter: VectorFilter;
}

/**
 * The tracks nearest to each of several targets; a few at a time, gentle on a store that others wait for. Null where the
 * store does not answer.
 */
export async function askVectors(
  vectors: Vectors,
  questions: readonly Question[],
): Promise<(VectorHit[] | null)[]> {
  const answers: (VectorHit[] | null)[] = Array.from(questions, () => null);
  const waiting = [...questions.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, { model, target, limit, filter }] = next;
      // oxlint-disable-next-line no-await-in-loop -- so many at a time
      answers[at] = await vectors.query(trackCollection(model), target, limit, filter).catch(withoutHits);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return answers;
}

export const trackOf = ({ payload }: VectorHit): string => String(payload.trackId);

/** The same for whoever can say nothing without an answer. */
export function required<Answer>(answer: Answer | null | undefined): Answer {
  if (answer == null) throw new ClientError('UNAVAILABLE', 'likeness cannot be asked for at the moment');
  return answer;
}

function withoutHits(err: unknown): VectorHit[] | null {
  // no track of the model is stored yet
  if (err instanceof CollectionNotFoundError) return [];
  logger.warn({ err }, 'vector store does not answer');
  return null;
}
