import { ClientError } from '@volna/platform/errors';

/** A subgraph does not answer. Says which, and nothing of where it is or why. */
export class SubgraphUnavailableError extends ClientError {
  override name = 'SubgraphUnavailableError';

  constructor(subgraph: string, cause?: unknown) {
    super('SUBGRAPH_UNAVAILABLE', `${subgraph} is not available`);
    this.cause = cause;
  }
}
