import type { Gateway } from '../service.ts';

export interface Streamed extends AsyncDisposable {
  readonly response: Response;
  /** The next piece of text that ends with a delimiter, without it. */
  until(delimiter: string): Promise<string>;
  /** All that is left. */
  rest(): Promise<string>;
}

/** Asks for a stream of results over HTTP. */
export async function openStream(
  { url }: Gateway,
  accept: string,
  operation: { query: string; variables?: object },
  headers: Record<string, string> = {},
): Promise<Streamed> {
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify(operation),
    signal: abort.signal,
  });
  return readStream(response, abort);
}

export function readStream(response: Response, abort: AbortController): Streamed {
  const chunks = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    async until(delimiter) {
      while (!text.includes(delimiter)) {
        const { done, value } = await chunks.read();
        if (done) throw new Error(`ended with ${JSON.stringify(text)}`);
        text += value;
      }
      const at = text.indexOf(delimiter);
      const piece = text.slice(0, at);
      text = text.slice(at + delimiter.length);
      return piece;
    },
    async rest() {
      for (;;) {
        const { done, value } = await chunks.read();
        if (done) return text;
        text += value;
      }
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await chunks.cancel().catch(() => undefined);
    },
  };
}
