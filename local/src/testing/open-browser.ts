import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

import { listen } from '@volna/platform/http';
import { chromium, type Page } from 'playwright-core';

/** Where Chromium is on this machine; nothing where it is not. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);
const HLS_JS = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export interface TestBrowser extends AsyncDisposable {
  /** A page with hls.js, of another origin than any stream's. */
  newPage(): Promise<Page>;
}

export async function openBrowser(): Promise<TestBrowser> {
  await using opening = new AsyncDisposableStack();
  const launched = await chromium.launch({ ...(CHROMIUM && { executablePath: CHROMIUM }), args: FLAGS });
  const browser = opening.adopt(launched, (open) => open.close());
  const script = readFileSync(HLS_JS);
  const server = createServer((request, response) => {
    if (request.url === '/hls.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end('<script src="/hls.js"></script>');
  });
  const url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  opening.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  const opened = opening.move();
  return {
    async newPage() {
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
