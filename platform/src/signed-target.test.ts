import { describe, expect, it } from '@jest/globals';

import { signTarget, verifyTarget } from './signed-target.ts';

const KEY = 'a key of some length';
const later = () => new Date(Date.now() + 60_000);

describe('verifyTarget', () => {
  it('gives back what was signed', () => {
    const url = verifyTarget(KEY, 'GET', signTarget(KEY, 'GET', '/objects/a/b?name=x', later()));

    expect(url).toMatchObject({ pathname: '/objects/a/b' });
    expect((url as URL).searchParams.get('name')).toBe('x');
  });

  it('says which signed target is expired', () => {
    expect(verifyTarget(KEY, 'GET', signTarget(KEY, 'GET', '/a', new Date(Date.now() - 1)))).toBe(
      'URL_EXPIRED',
    );
  });

  it.each([
    ['another method', 'PUT', (target: string) => target],
    ['another path', 'GET', (target: string) => target.replace('/a', '/b')],
    [
      'a later expiry',
      'GET',
      (target: string) => target.replace(/expires=\d+/, `expires=${Date.now() + 1e9}`),
    ],
    ['another spelling', 'GET', (target: string) => target.replace('/a', '/%61')],
    ['one more parameter', 'GET', (target: string) => target.replace('&', '&size=1&')],
    ['two signatures', 'GET', (target: string) => `${target}&signature=x`],
    ['no signature', 'GET', (target: string) => target.replace(/&signature=.*/, '')],
    ['no text', 'GET', () => ''],
  ])('refuses %s', (_what, method, change) => {
    expect(verifyTarget(KEY, method, change(signTarget(KEY, 'GET', '/a', later())))).toBe('BAD_SIGNATURE');
  });

  it('refuses what another key signed', () => {
    expect(verifyTarget('some other key', 'GET', signTarget(KEY, 'GET', '/a', later()))).toBe(
      'BAD_SIGNATURE',
    );
  });
});
