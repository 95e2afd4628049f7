import { GraphQLError } from 'graphql';

import type { Path, RawError } from './types.ts';

/** An error of one subgraph as the client's response states it. */
export function toError(service: string, error: unknown, path: Path | undefined): GraphQLError {
  const { message, extensions } = (error ?? {}) as RawError;
  return new GraphQLError(message || `Error while fetching subquery from service "${service}"`, {
    path,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...extensions, serviceName: service },
    ...(error instanceof Error && { originalError: error }),
  });
}

/** The longest path that all of these begin with: where in a response the whole of a failed fetch would be. */
export function commonPath(paths: readonly Path[]): Path {
  const [first = [], ...rest] = paths;
  let length = first.length;
  for (const path of rest) {
    let same = 0;
    while (same < length && path[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length);
}
