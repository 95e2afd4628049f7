import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';

import { ApiKeys } from './api-keys.ts';

const key = `vk_${'a'.repeat(43)}`;
const grant = {
  keyId: newId('ApiKey'),
  userId: newId('User'),
  roles: ['USER'],
  scopes: ['read'],
  expiresAt: null as string | null,
};

let asked: string[];
let answer: () => typeof grant | null;
let now: number;
let keys: ApiKeys;
beforeEach(() => {
  asked = [];
  answer = () => grant;
  now = 0;
  const ask = async (which: string) => {
    asked.push(which);
    return answer();
  };
  keys = new ApiKeys(ask, () => now);
});

const outcome = async (which = key) =>
  keys.read(which).then(
    ({ viewer }) => viewer,
    (err: { reason?: string; message: string }) => err.reason ?? err.message,
  );

const unknown = (i: number) => `vk_${String(i).padStart(43, '0')}`;

describe('API keys', () => {
  it('stand for their owner, with the rights of the key', async () => {
    const { viewer, expiresAt } = await keys.read(key);
    const { keyId, userId, roles, scopes } = grant;
    expect(viewer).toEqual({ userId, sessionId: keyId, roles, scopes });
    expect(expiresAt).toBe(Infinity);
  });

  it('are asked about once in a while, whoever waits', async () => {
    await Promise.all([outcome(), outcome(), outcome()]);
    for (let i = 0; i < 100; i++) await outcome();
    expect(asked).toEqual([key]);
    now = 2_500;
    await outcome();
    expect(asked).toEqual([key, key]);
  });

  it('count for nothing from the next look on once they are revoked', async () => {
    await outcome();
    answer = () => null;
    now = 2_500;
    expect(await outcome()).toBe('TOKEN_INVALID');
    answer = () => grant;
    expect(await outcome()).toBe('TOKEN_INVALID');
    now = 5_000;
    expect(await outcome()).toMatchObject({ sessionId: grant.keyId });
  });

  it('that nobody knows are asked about as rarely, and push no good one out', async () => {
    await outcome();
    answer = () => null;
    for (let i = 0; i < 12_000; i++) await outcome(unknown(i));
    expect(asked).toHaveLength(12_001);
    expect(await outcome(unknown(11_999))).toBe('TOKEN_INVALID');
    expect(await outcome()).toMatchObject({ sessionId: grant.keyId });
    expect(asked).toHaveLength(12_001);
  });

  it('that cannot be keys are not asked about', async () => {
    for (const wrong of ['vk_', 'vk_short', `vk_${'a'.repeat(44)}`, `vk_${'!'.repeat(43)}`]) {
      expect(await outcome(wrong)).toBe('TOKEN_INVALID');
    }
    expect(asked).toEqual([]);
  });

  it('end when they expire, between two looks too', async () => {
    answer = () => ({ ...grant, expiresAt: new Date(Date.now() - 1).toISOString() });
    expect(await outcome()).toBe('TOKEN_INVALID');
  });

  it('go on counting for a minute while users is away', async () => {
    await outcome();
    answer = () => {
      throw new Error('away');
    };
    now = 59_000;
    expect(await outcome()).toMatchObject({ sessionId: grant.keyId });
    now = 61_000;
    expect(await outcome()).toBe('away');
    expect(await outcome(`vk_${'b'.repeat(43)}`)).toBe('away');
  });
});
