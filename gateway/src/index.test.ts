import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('index.ts', import.meta.url));
// nothing listens where the subgraphs should be
const AWAY = 'http://127.0.0.1:9/graphql';
const env = {
  PATH: process.env['PATH'],
  INTERNAL_KEY: 'k'.repeat(32),
  JWKS_URL: 'http://127.0.0.1:9/jwks',
  SUBGRAPH_USERS_URL: AWAY,
  SUBGRAPH_CATALOG_URL: AWAY,
  SUBGRAPH_ALBUMS_URL: AWAY,
  SUBGRAPH_PLAYBACK_URL: AWAY,
  SUBGRAPH_SEARCH_URL: AWAY,
  SUBGRAPH_ANALYTICS_URL: AWAY,
};

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** Runs the gateway's process; gives all that it has said so far. */
function start(settings: Record<string, string | undefined>): { child: ChildProcess; said: () => string } {
  let text = '';
  const started = spawn(process.execPath, [MAIN], { env: settings });
  const hear = (chunk: Buffer) => (text += chunk.toString());
  started.stdout.on('data', hear);
  started.stderr.on('data', hear);
  child = started;
  return { child: started, said: () => text };
}

describe('the process of the gateway', () => {
  it('answers while its subgraphs are away, and stops when it is told', async () => {
    const { child: gateway, said } = start({ ...env, GATEWAY_PORT: '0' });
    const url = await listeningUrl(gateway, said);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { id } }' }),
    });
    expect(await response.json()).toMatchObject({
      data: { me: null },
      errors: [{ path: ['me'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'users' } }],
    });
    gateway.kill('SIGTERM');
    expect(await once(gateway, 'exit')).toEqual([0, null]);
  });

  it('does not start with settings that are missing', async () => {
    const { child: gateway, said } = start({ ...env, INTERNAL_KEY: undefined });
    expect(await once(gateway, 'exit')).toEqual([1, null]);
    expect(said()).toMatch(/invalid environment[^]*INTERNAL_KEY/);
  });
});

async function listeningUrl(gateway: ChildProcess, said: () => string): Promise<string> {
  for (;;) {
    const url = /"url":"([^"]+)"/.exec(said())?.[1];
    if (url) return url;
    await once(gateway.stdout ?? gateway, 'data');
  }
}
