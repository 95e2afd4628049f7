/* oxlint-disable typescript/no-explicit-any -- a test states the shape it expects when it asserts */
import { createClient } from 'graphql-ws';

/** What came back, as an attacker reads it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data?: any;
  readonly errors?: any[];
  /** Codes of top-level errors. */
  readonly codes: readonly string[];
}

/** Sends any request, and reads all that comes back. */
export async function send(url: string, init: RequestInit = {}): Promise<Seen> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  const { data, errors } = parse(text);
  const codes = (errors ?? []).map(({ extensions }) => String(extensions?.code));
  return { status: response.status, headers: response.headers, text, data, errors: errors ?? [], codes };
}

/** Posts an operation, as the holder of a token where one is given. */
export function ask(
  endpoint: string,
  query: string,
  variables: object = {},
  token?: string,
  more: Record<string, string> = {},
): Promise<Seen> {
  return post(
    endpoint,
    { query, variables },
    { ...(token && { authorization: `Bearer ${token}` }), ...more },
  );
}

export function post(endpoint: string, body: unknown, headers: Record<string, string> = {}): Promise<Seen> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
}

/** The first thing that a subscription gives: an event, its errors, or the code that its socket is closed with. */
export async function subscribe(
  endpoint: string,
  query: string,
  variables: Record<string, unknown> = {},
  token?: string,
): Promise<any> {
  const client = createClient({
    url: endpoint.replace(/^http/, 'ws'),
    retryAttempts: 0,
    ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  try {
    for await (const event of client.iterate({ query, variables })) return event;
    return 'nothing';
  } catch (err) {
    return Array.isArray(err) ? { errors: err } : { closed: (err as { code?: number }).code };
  } finally {
    await client.dispose();
  }
}

function parse(text: string): { data?: any; errors?: any[] } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
