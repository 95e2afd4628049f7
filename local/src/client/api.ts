import { setTimeout as pause } from 'node:timers/promises';

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';

/** The endpoint answered with errors, or not at all (SERVER_GONE). */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Volna's endpoint as any client sees it: operations over HTTP, subscriptions over graphql-ws. */
export interface Api {
  /** Waits when it is told that it asks too often. */
  ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  watch<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): AsyncIterableIterator<Data>;
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { message: string; extensions?: { code?: string; retryAfterMs?: number } }[];
}

/** The endpoint's operations, as the holder of an access token where one is given. */
export function openApi(endpoint: string, accessToken?: string): Api {
  const authorization = accessToken && `Bearer ${accessToken}`;
  return {
    async ask(document, variables) {
      const body = JSON.stringify({ query: print(document), variables });
      for (;;) {
        const answer = await post(endpoint, body, authorization);
        const wait = waitOf(answer);
        if (wait === null) return read(answer as Answer<never>);
        await pause(wait);
      }
    },
    async *watch(document, variables) {
      const url = endpoint.replace(/^http/, 'ws');
      const client = createClient({
        url,
        connectionParams: { ...(authorization && { authorization }) },
        lazy: true,
      });
      try {
        const request = { query: print(document), variables: variables as Record<string, unknown> };
        for await (const answer of client.iterate(request)) yield read(answer as Answer<never>);
      } catch (err) {
        throw isLostConnection(err) ? new ApiError('SERVER_GONE', LOST, { cause: err }) : err;
      } finally {
        await client.dispose();
      }
    },
  };
}

async function post(endpoint: string, body: string, authorization?: string): Promise<Answer<unknown>> {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const response = await fetch(endpoint, { method: 'POST', headers, body }).catch((err: unknown) => {
    throw new ApiError('SERVER_GONE', `no server answers at ${endpoint}`, { cause: err });
  });
  return (await response.json()) as Answer<unknown>;
}

/** How many milliseconds to wait before the same is asked again; null where that is not asked for. */
function waitOf({ errors }: Answer<unknown>): number | null {
  const { code, retryAfterMs } = errors?.[0]?.extensions ?? {};
  return code === 'RATE_LIMITED' && retryAfterMs !== undefined ? retryAfterMs : null;
}

const LOST = 'the server went away; the upload goes on when it is back';
/** Codes from here on are words of the server's own. */
const FIRST_OWN_CLOSE_CODE = 4000;

/** The socket's events are thrown as they are: an error has no code, a close has one. */
function isLostConnection(err: unknown): boolean {
  if (typeof err !== 'object' || err === null || !('type' in err)) return false;
  if (err.type === 'error') return true;
  return err.type === 'close' && 'code' in err && Number(err.code) < FIRST_OWN_CLOSE_CODE;
}

function read<Data>({ data, errors }: Answer<Data>): Data {
  const [error] = errors ?? [];
  if (error) throw new ApiError(error.extensions?.code ?? 'UNKNOWN', error.message);
  if (data === null || data === undefined) throw new ApiError('UNKNOWN', 'the endpoint gave no data');
  return data;
}

/** Throws the first of a payload's user errors. */
export function refuseErrors(errors: readonly { code: string; message: string }[]): void {
  const [error] = errors;
  if (error) throw new ApiError(error.code, error.message);
}
