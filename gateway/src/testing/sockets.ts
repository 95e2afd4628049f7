import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { Gateway } from '../service.ts';
import type { Answer } from './answer.ts';

/** A graphql-ws client, as applications use it. */
export function connect({ url }: Gateway, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...options,
  });
}

/** A socket without a client on it, to say what no client would. */
export class RawSocket implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly closed: Promise<string>;
  readonly #messages: Answer[] = [];
  #wake: () => void = () => {};

  constructor(
    { url }: Pick<Gateway, 'url'>,
    protocol = 'graphql-transport-ws',
    headers: Record<string, string> = {},
  ) {
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocol, { headers });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}`.trim()));
      this.socket.on('error', (err) => resolve(err.message));
    });
    this.socket.on('message', (data) => {
      this.#messages.push(JSON.parse((data as Buffer).toString()));
      this.#wake();
    });
  }

  async open(): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING)
      await new Promise((resolve) => this.socket.once('open', resolve));
    return this;
  }

  say(message: unknown): this {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return this;
  }

  /** The next message that has come. */
  async hear(): Promise<Answer> {
    while (!this.#messages.length) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#messages.shift();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}

/** Resolves once a condition holds, which is looked at whenever the event loop is idle. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
