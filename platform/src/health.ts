import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { drain, listen, type Route, sendJson } from './http.ts';
import { logger } from './log.ts';

/** Less than those wait who ask. */
const PATIENCE_MS = 1_500;

export interface HealthOptions {
  /** A free one for 0. */
  readonly port: number;
  /** Loopback unless told. */
  readonly host?: string;
  readonly isReady: () => Promise<boolean>;
}

export interface RunningHealth extends AsyncDisposable {
  readonly port: number;
}

/** Answers `/health/live` while the process runs, and `/health/ready` with 503 while it can do no work. */
export function createHealthRoute(isReady: () => Promise<boolean>): Route {
  return async ({ url }, response) => {
    if (url === '/health/live') {
      sendJson(response, 200, { status: 'live' });
      return true;
    }
    if (url !== '/health/ready') return false;
    const ready = await inTime(isReady()).catch((err: unknown) => {
      logger.warn({ err }, 'not ready');
      return false;
    });
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
    return true;
  };
}

/** The health of a process that serves nothing else. */
export async function serveHealth({
  port,
  host = '127.0.0.1',
  isReady,
}: HealthOptions): Promise<RunningHealth> {
  const route = createHealthRoute(isReady);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!(await route(request, response))) sendJson(response, 404, { status: 'nothing here' });
  };
  const server = createServer((request, response) => void answer(request, response));
  return { port: await listen(server, port, host), [Symbol.asyncDispose]: () => drain(server) };
}

/** A backend that says nothing is none. */
async function inTime(ready: Promise<boolean>): Promise<boolean> {
  const answered = new AbortController();
  const late = pause(PATIENCE_MS, false, { signal: answered.signal }).catch(() => false);
  try {
    return await Promise.race([ready, late]);
  } finally {
    answered.abort();
  }
}
