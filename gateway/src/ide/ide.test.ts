import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';

import { signToken, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { until } from '../testing/sockets.ts';
import { bundleIde } from './bundle.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('the pages of the gateway', () => {
  beforeAll(bundleIde);

  it('are Sandbox for browsers, with the examples in it', async () => {
    await using gateway = await startToyGateway({ exampleDocument: '{ me { id } } # </script>' });
    for (const path of ['/', '/graphql']) {
      const response = await fetch(gateway.url + path, { headers: { accept: 'text/html' } });
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const html = await response.text();
      expect(html).toContain('/ide/sandbox.js');
      expect(html).toContain(String.raw`{ me { id } } # \u003c/script>`);
    }
  });

  it('come with their files, and with no others', async () => {
    await using gateway = await startToyGateway();
    const get = async (path: string) => {
      const response = await fetch(gateway.url + path);
      await response.arrayBuffer();
      return response;
    };
    expect((await get('/ide/graphiql.js')).headers.get('content-type')).toMatch('text/javascript');
    const etag = (await get('/ide/style.css')).headers.get('etag') ?? '';
    expect((await fetch(`${gateway.url}/ide/style.css`, { headers: { 'if-none-match': etag } })).status).toBe(
      304,
    );
    for (const path of ['/ide/stamp', '/ide/..%2fstamp.js', '/ide/../../service.js', '/ide/none.js']) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

const suite = CHROMIUM ? describe : describe.skip;

suite(
  CHROMIUM ? 'GraphiQL in a browser' : 'GraphiQL in a browser (skipped: no Chromium on this machine)',
  () => {
    let browser: Browser;
    beforeAll(async () => {
      await bundleIde();
      browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS });
    });
    afterAll(async () => browser.close());

    it('runs a query, and asks nothing of any other host', async () => {
      await using gateway = await startToyGateway({
        exampleDocument: '{ track(id: "none") { title } greeting }',
      });
      const { page, asked, violations } = await openGraphiql(browser, gateway);
      await run(page);
      await expectResult(page, 'greeting');
      expect(violations).toEqual([]);
      expect(
        asked.filter(
          (url) => !url.startsWith(gateway.url) && !url.startsWith('data:') && !url.startsWith('blob:'),
        ),
      ).toEqual([]);
      expect(asked.length).toBeGreaterThan(3);
      await page.close();
    });

    it('finds Sandbox told where everything is, and its policy kept', async () => {
      await using gateway = await startToyGateway({ exampleDocument: '{ greeting }' });
      const page = await (await browser.newContext()).newPage();
      const violations = watchPolicy(page);
      // the frame itself is on the internet
      await page.route(
        (url) => url.origin !== gateway.url,
        async (route) => route.fulfill({ contentType: 'text/html', body: '<p id="embedded">Sandbox</p>' }),
      );
      await page.goto(gateway.url);
      await page.frameLocator('#sandbox iframe').locator('#embedded').waitFor();
      expect(await page.locator('#sandbox').evaluate((box) => box.clientHeight)).toBeGreaterThan(100);
      expect(violations).toEqual([]);
      const src = await page.locator('#sandbox iframe').getAttribute('src');
      const { searchParams } = new URL(src ?? '');
      expect(searchParams.get('endpoint')).toBe(`${gateway.url}/graphql`);
      expect(searchParams.get('subscriptionEndpoint')).toBe(`${gateway.url.replace('http', 'ws')}/graphql`);
      expect(searchParams.get('defaultDocument')).toBe('{ greeting }');
      await page.close();
    });

    it('tells a stranger how to sign in', async () => {
      await using gateway = await startToyGateway({ exampleDocument: '{ me { id } }' });
      const { page } = await openGraphiql(browser, gateway);
      const headers = page.locator('.graphiql-editor-tool .monaco-editor').last();
      await headers.filter({ hasText: /what\sLogin\sgives/ }).waitFor();
      expect(await headers.isVisible()).toBe(true);
      await page.close();
    });

    it('runs a subscription with what stands in the Headers tab', async () => {
      await using gateway = await startToyGateway({
        exampleDocument: 'subscription { ticks { seq track { reaction likedBy { id } } } }',
      });
      const { page, violations } = await openGraphiql(browser, gateway);
      await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.press('Delete');
      await page.keyboard.insertText(JSON.stringify({ authorization: `Bearer ${await signToken()}` }));
      await run(page);
      await until(() => gateway.ticker.listeners === 1);
      gateway.ticker.tick(41);
      await expectResult(page, '"seq": 41');
      await expectResult(page, '"reaction": "LIKE"');
      await expectResult(page, known.user);
      expect(violations).toEqual([]);
      await page.close();
      await until(() => gateway.ticker.listeners === 0);
    });
  },
);

/** What the browser does not do because the page's policy forbids it. */
function watchPolicy(page: Page): string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  return violations;
}

async function openGraphiql(
  browser: Browser,
  { url }: ToyGateway,
): Promise<{ page: Page; asked: string[]; violations: string[] }> {
  const page = await (await browser.newContext()).newPage();
  const violations = watchPolicy(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${url}/graphiql`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  return { page, asked, violations };
}

async function run(page: Page): Promise<void> {
  await page.locator('.graphiql-execute-button').click();
}

/** Waits until the result shows a text; Monaco puts no-break spaces between words. */
async function expectResult(page: Page, text: string): Promise<void> {
  const words = text.split(' ').map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  await page
    .locator('.graphiql-response')
    .filter({ hasText: new RegExp(words.join(String.raw`\s`)) })
    .waitFor();
}
