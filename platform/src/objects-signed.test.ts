import { expect, it } from '@jest/globals';

import { describeObjects, describeUnless } from './testing/objects-twins.ts';

const MINUTE_MS = 60_000;
const text = (words: string) => new TextEncoder().encode(words);

describeObjects('signed URLs', (objects, lacks) => {
  it('lets whoever has the URL read the object, whole and in part', async () => {
    await objects().put('covers/1.webp', text('0123456789'), { cacheControl: 'public, max-age=60' });
    const { url, method, expiresAt } = await objects().signGet('covers/1.webp', MINUTE_MS);
    expect(Math.abs(expiresAt.getTime() - Date.now() - MINUTE_MS)).toBeLessThan(MINUTE_MS / 2);

    const whole = await fetch(url, { method });
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('content-type')).toBe('image/webp');
    expect(whole.headers.get('cache-control')).toBe('public, max-age=60');

    const part = await fetch(url, { headers: { range: 'bytes=-3' } });
    expect([part.status, await part.text()]).toEqual([206, '789']);
    expect(part.headers.get('content-range')).toBe('bytes 7-9/10');

    const known = await fetch(url, { headers: { 'if-none-match': whole.headers.get('etag') ?? '' } });
    expect(known.status).toBe(304);
    const behind = await fetch(url, { headers: { range: 'bytes=10-' } });
    expect(behind.status).toBe(416);
  });

  it('says that the object of a URL is missing', async () => {
    const { url } = await objects().signGet('covers/none.webp', MINUTE_MS);
    expect((await fetch(url)).status).toBe(404);
  });

  describeUnless(lacks.naming, 'names', () => {
    it('saves under the name that it is told', async () => {
      await objects().put('originals/named', text('x'));
      const { url } = await objects().signGet('originals/named', MINUTE_MS, {
        downloadName: 'Волна "1".flac',
      });

      const disposition = (await fetch(url)).headers.get('content-disposition');
      expect(disposition).toContain(`filename*=UTF-8''%D0%92%D0%BE%D0%BB%D0%BD%D0%B0%20%221%22.flac`);
    });
  });

  describeUnless(lacks.guards, 'guards', () => {
    it('takes exactly the signed number of bytes', async () => {
      const uploadId = await objects().createMultipart('originals/exact');
      const { url } = await objects().signPart('originals/exact', uploadId, 1, 5, MINUTE_MS);

      for (const body of ['four', 'sixsix', '', 'x'.repeat(100_000)]) {
        expect((await fetch(url, { method: 'PUT', body })).ok).toBe(false);
      }
      expect(await objects().listParts('originals/exact', uploadId)).toEqual([]);
      expect((await fetch(url, { method: 'PUT', body: 'fives' })).status).toBe(200);
      await objects().abortMultipart('originals/exact', uploadId);
    });

    it('serves no URL that it did not sign so', async () => {
      await objects().put('private/1', text('secret'));
      await objects().put('private/2', text('secret'));
      const { url } = await objects().signGet('private/1', MINUTE_MS);

      const forged = [url.replace('private/1', 'private/2'), url.replace(/[?].*/, ''), `${url}0`];
      for (const other of forged) expect((await fetch(other)).status).toBe(403);
      expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
    });

    it('lets pages of any origin send a part and see its etag', async () => {
      const uploadId = await objects().createMultipart('originals/cors');
      const { url } = await objects().signPart('originals/cors', uploadId, 1, 3, MINUTE_MS);
      const origin = 'https://player.example';

      const preflight = await fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        },
      });
      expect(preflight.ok).toBe(true);
      expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');

      const response = await fetch(url, { method: 'PUT', body: 'abc', headers: { origin } });
      expect(['*', origin]).toContain(response.headers.get('access-control-allow-origin'));
      expect(response.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
      await objects().abortMultipart('originals/cors', uploadId);
    });
  });
});
