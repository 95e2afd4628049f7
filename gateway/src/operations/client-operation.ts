import { z } from 'zod';

/** An operation as a client sends it. */
export interface ClientOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

const isFields = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Looked at, not into: what variables hold, the operation's types say. */
const Fields = z.custom<Record<string, unknown>>(isFields);

/** The body of a request that states its operation. What else a body may mean, Apollo Server knows. */
export const ClientOperation: z.ZodType<ClientOperation> = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: Fields.nullish(),
  extensions: Fields.nullish(),
});
