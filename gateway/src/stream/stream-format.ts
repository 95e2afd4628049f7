import type { FormattedExecutionResult } from 'graphql';

/** How a stream of results looks on the wire. */
export interface StreamFormat {
  readonly kind: 'multipart' | 'sse';
  readonly headers: Readonly<Record<string, string>>;
  readonly start: string;
  readonly heartbeat: string;
  readonly end: string;
  result(result: FormattedExecutionResult): string;
}

const PART = '\r\ncontent-type: application/json\r\n\r\n';

/** Apollo's multipart subscription protocol, version 1.0. */
const multipart: StreamFormat = {
  kind: 'multipart',
  headers: { 'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"' },
  start: '\r\n--graphql',
  heartbeat: `${PART}{}\r\n--graphql`,
  end: '--\r\n',
  result: (result) => `${PART}${JSON.stringify({ payload: result })}\r\n--graphql`,
};

/** GraphQL over server-sent events, distinct connections mode. */
const serverSentEvents: StreamFormat = {
  kind: 'sse',
  headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
  start: ':\n\n',
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
  result: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
};

/** The stream that an Accept header asks for, if it asks for one. */
export function formatFor(accept = ''): StreamFormat | null {
  if (/multipart\/mixed/i.test(accept) && /subscriptionSpec="?1\.0/i.test(accept)) return multipart;
  return /text\/event-stream/i.test(accept) ? serverSentEvents : null;
}
