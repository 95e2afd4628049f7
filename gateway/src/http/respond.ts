import type { ServerResponse } from 'node:http';

import { sendJson } from '@volna/platform/http';
import type { FormattedExecutionResult } from 'graphql';

import { retryAfterOf, statusOf } from '../errors/status.ts';

/** Answers with a result of GraphQL, and with the status and headers that its errors mean. */
export function sendResult(
  response: ServerResponse,
  result: FormattedExecutionResult,
  contentType?: string,
): void {
  const wait = result.data === undefined ? retryAfterOf(result) : null;
  if (wait !== null) response.setHeader('retry-after', wait);
  const status = statusOf(result);
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  sendJson(response, status, result, contentType);
}

/** Refuses a request before any operation runs, in the form of a GraphQL response. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  extensions: Readonly<Record<string, unknown>>,
): void {
  const requestId = response.getHeader('x-request-id');
  sendJson(response, status, { errors: [{ message, extensions }], extensions: { requestId } });
}
