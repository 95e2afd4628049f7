import type { ServerResponse } from 'node:http';

import { sendJson } from '@volna/platform/http';

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
