import { describe, expect, it } from '@jest/globals';

import { serveHealth } from './health.ts';

describe('serveHealth', () => {
  it('is live at once and ready when the process can work', async () => {
    const states = [false, new Error('no broker'), true];
    const isReady = async () => {
      const state = states.shift();
      if (state instanceof Error) throw state;
      return state === true;
    };
    await using health = await serveHealth({ port: 0, isReady });
    const look = async (path: string) => (await fetch(`http://127.0.0.1:${health.port}${path}`)).status;
    expect([await look('/health/live'), await look('/')]).toEqual([200, 404]);
    expect([await look('/health/ready'), await look('/health/ready')]).toEqual([503, 503]);
    expect(await look('/health/ready')).toBe(200);
  });

  it('is live, and not ready, while a backend answers nothing (F16)', async () => {
    await using health = await serveHealth({ port: 0, isReady: () => new Promise(() => undefined) });
    const look = async (path: string) => (await fetch(`http://127.0.0.1:${health.port}${path}`)).status;
    expect([await look('/health/ready'), await look('/health/live')]).toEqual([503, 200]);
  });
});
