import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  checkOutsideUrl,
  mayConnect,
  outsideSettings,
  readOutsideRules,
  UrlRefusedError,
} from './outside-url.ts';

const rules = readOutsideRules();

describe('checkOutsideUrl', () => {
  it.each([
    'https://example.org/a.mp3?key=1',
    'http://example.org:80/',
    'http://8.8.8.8/a.mp3',
    'http://[2606:4700::1111]/',
  ])('takes %s', (url) => {
    expect(checkOutsideUrl(url, rules).href).toContain(new URL(url).host);
  });

  it.each([
    'not a url',
    'ftp://example.org/a.mp3',
    'file:///etc/passwd',
    'data:audio/mpeg;base64,AAAA',
    'http://alice:secret@example.org/',
    'http://example.org:8080/',
    'https://example.org:22/',
    `https://example.org/${'a'.repeat(2000)}`,
    // every spelling of 127.0.0.1 and its neighbours
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://１２７.0.0.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://240.0.0.1/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001::1]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
  ])('refuses %s', (url) => {
    expect(() => checkOutsideUrl(url, rules)).toThrow(UrlRefusedError);
  });

  it('takes what the operator allows, and nothing beside it', () => {
    const own = readOutsideRules({ allow: ['10.0.0.0/8', 'NAS.local', '::1'], ports: [8080] });

    expect(checkOutsideUrl('http://10.1.2.3:8080/', own).port).toBe('8080');
    expect(checkOutsideUrl('http://[::1]:8080/', own).hostname).toBe('[::1]');
    expect(() => checkOutsideUrl('http://10.1.2.3/', own)).toThrow(UrlRefusedError);
    expect(() => checkOutsideUrl('http://192.168.1.1:8080/', own)).toThrow(UrlRefusedError);
    expect(mayConnect('192.168.1.1', 'nas.local', own)).toBe(true);
    expect(mayConnect('192.168.1.1', 'nas.local.example.org', own)).toBe(false);
    // a mapped address is no way around
    expect(mayConnect('::ffff:192.168.1.1', 'example.org', own)).toBe(false);
  });
});

const read = (env: object) => z.object(outsideSettings).safeParse(env);

describe('outsideSettings', () => {
  it('reads lists', () => {
    expect(read({ FETCH_ALLOW: 'nas.local, 10.0.0.0/8', FETCH_PORTS: '80,8080' }).data).toEqual({
      FETCH_ALLOW: ['nas.local', '10.0.0.0/8'],
      FETCH_PORTS: [80, 8080],
    });
    expect(read({}).data).toEqual({ FETCH_ALLOW: [], FETCH_PORTS: [80, 443] });
  });

  it.each([{ FETCH_ALLOW: '10.0.0.0/99' }, { FETCH_ALLOW: 'http://a' }, { FETCH_PORTS: '0' }])(
    'refuses %j',
    (env) => {
      expect(read(env).success).toBe(false);
    },
  );
});
