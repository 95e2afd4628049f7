import { z } from 'zod';

/** An operation as a client sends it. */
export interface ClientOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** The body of a request that states its operation. What else a body may mean, Apollo Server knows. */
export const ClientOperation: z.ZodType<ClientOperation> = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});
