import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';

import { graphiqlPage, type Page, sandboxPage } from './pages.ts';

/** Answers what a browser asks for to show an IDE; false for everything else. */
export type IdeRoute = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export const BUNDLES = new URL('../generated/ide/', import.meta.url);

const ASSET = /^\/ide\/([\w-]+(?:\.[\w-]+)*\.(?:js|css|ttf|woff2|svg))$/;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** Sandbox on `/` and `/graphql` for browsers, GraphiQL on `/graphiql`, their files below `/ide/`. */
export function createIdeRoute(exampleDocument: string): IdeRoute {
  const sandbox = sandboxPage(exampleDocument);
  const graphiql = graphiqlPage(exampleDocument);
  return async (request, response) => {
    if (request.method !== 'GET') return false;
    const { pathname, search } = new URL(request.url ?? '/', 'http://gateway');
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    if (pathname === '/graphiql') return sendPage(request, response, graphiql);
    if (wantsPage && (pathname === '/' || (pathname === '/graphql' && !search)))
      return sendPage(request, response, sandbox);
    const name = ASSET.exec(pathname)?.[1];
    return name ? sendAsset(request, response, name) : false;
  };
}

function sendPage(request: IncomingMessage, response: ServerResponse, { html, policy }: Page): true {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${policy}; connect-src ${connectSources(request)}`,
    // Sandbox signs in to Apollo's Studio in a window that it opens
    'cross-origin-opener-policy': 'same-origin-allow-popups',
    'cache-control': 'no-cache',
  });
  response.end(html);
  return true;
}

/** This host only; its sockets by name, since older browsers do not take them for the same origin. */
function connectSources({ headers }: IncomingMessage): string {
  const { host = '' } = headers;
  return HOST.test(host) ? `'self' ws://${host} wss://${host}` : "'self'";
}

async function sendAsset(request: IncomingMessage, response: ServerResponse, name: string): Promise<boolean> {
  const file = new URL(name, BUNDLES);
  const info = await stat(file).catch(() => null);
  if (!info) return false;
  const etag = `"${info.size}-${info.mtimeMs}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return true;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-length': info.size,
    'cache-control': 'no-cache',
    etag,
  });
  createReadStream(file).pipe(response);
  return true;
}
