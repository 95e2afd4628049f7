import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { expect, it } from '@jest/globals';

import { InvalidPartError, MIN_PART_BYTES, UploadNotFoundError } from './objects.ts';
import { describeObjects, describeUnless, sendPart } from './testing/objects-twins.ts';

const MINUTE_MS = 60_000;
const text = (words: string) => new TextEncoder().encode(words);

describeObjects('uploads in parts', (objects, lacks) => {
  const readAll = async (key: string) => buffer((await objects().read(key)).body);

  it('joins parts that clients sent to signed URLs, in order', async () => {
    const [first, second] = [randomBytes(MIN_PART_BYTES), randomBytes(1234)];
    const uploadId = await objects().createMultipart('originals/1', { contentType: 'audio/wav' });
    const later = await sendPart(objects(), 'originals/1', uploadId, 2, second);
    const former = await sendPart(objects(), 'originals/1', uploadId, 1, first);

    const info = await objects().completeMultipart('originals/1', uploadId, [former, later]);

    expect(info).toMatchObject({
      key: 'originals/1',
      sizeBytes: MIN_PART_BYTES + 1234,
      contentType: 'audio/wav',
    });
    expect(await objects().head('originals/1')).toEqual(info);
    expect(Buffer.concat([first, second]).equals(await readAll('originals/1'))).toBe(true);
  });

  it('lets a part be sent again, and keeps the later one', async () => {
    const uploadId = await objects().createMultipart('originals/2');
    const former = await sendPart(objects(), 'originals/2', uploadId, 1, text('former'));
    const later = await sendPart(objects(), 'originals/2', uploadId, 1, text('later'));

    await expect(objects().completeMultipart('originals/2', uploadId, [former])).rejects.toThrow(
      InvalidPartError,
    );
    await objects().completeMultipart('originals/2', uploadId, [later]);

    expect(String(await readAll('originals/2'))).toBe('later');
  });

  it('joins nothing that did not arrive so', async () => {
    const uploadId = await objects().createMultipart('originals/3');
    const one = await sendPart(objects(), 'originals/3', uploadId, 1, text('too small to be followed'));
    const two = await sendPart(objects(), 'originals/3', uploadId, 2, text('two'));
    const none = { partNumber: 3, etag: one.etag };

    for (const parts of [[], [one, none], [two, one], [one, two], [{ ...one, etag: two.etag }]]) {
      await expect(objects().completeMultipart('originals/3', uploadId, parts)).rejects.toThrow(
        InvalidPartError,
      );
    }
    expect(await objects().head('originals/3')).toBeNull();
  });

  it('forgets an upload that is aborted or complete', async () => {
    const aborted = await objects().createMultipart('originals/4');
    const part = await sendPart(objects(), 'originals/4', aborted, 1, text('gone'));
    await objects().abortMultipart('originals/4', aborted);
    await objects().abortMultipart('originals/4', aborted);

    const complete = await objects().createMultipart('originals/5');
    const last = await sendPart(objects(), 'originals/5', complete, 1, text('there'));
    await objects().completeMultipart('originals/5', complete, [last]);

    await expect(objects().completeMultipart('originals/4', aborted, [part])).rejects.toThrow(
      UploadNotFoundError,
    );
    await expect(objects().completeMultipart('originals/5', complete, [last])).rejects.toThrow(
      UploadNotFoundError,
    );
    expect(await objects().head('originals/4')).toBeNull();
    const late = await objects().signPart('originals/4', aborted, 1, 4, MINUTE_MS);
    expect((await fetch(late.url, { method: 'PUT', body: 'late' })).status).toBe(404);
  });

  it('signs no part and no time that S3 does not know', async () => {
    const uploadId = await objects().createMultipart('originals/6');
    for (const [part, size, ttl] of [
      [0, 1, 1],
      [10_001, 1, 1],
      [1.5, 1, 1],
      [1, -1, 1],
      [1, 1, 0],
      [1, 1, 1e12],
    ]) {
      await expect(
        objects().signPart('originals/6', uploadId, part as number, size as number, ttl as number),
      ).rejects.toThrow(RangeError);
    }
    await objects().abortMultipart('originals/6', uploadId);
  });

  describeUnless(lacks.emptyParts, 'empty files', () => {
    it('takes an empty file as one empty part', async () => {
      const uploadId = await objects().createMultipart('originals/empty');
      const part = await sendPart(objects(), 'originals/empty', uploadId, 1, new Uint8Array());

      expect(await objects().completeMultipart('originals/empty', uploadId, [part])).toMatchObject({
        sizeBytes: 0,
      });
    });
  });

  describeUnless(lacks.listing, 'arrived parts', () => {
    it('lists the parts as they arrived, by number', async () => {
      const uploadId = await objects().createMultipart('originals/7');
      const later = await sendPart(objects(), 'originals/7', uploadId, 11, text('later'));
      const former = await sendPart(objects(), 'originals/7', uploadId, 2, text('one'));

      const arrived = await objects().listParts('originals/7', uploadId);

      expect(arrived.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes])).toEqual([
        [2, 3],
        [11, 5],
      ]);
      expect(arrived.map(({ etag }) => `"${etag}"`)).toEqual([former.etag, later.etag]);
      await objects().abortMultipart('originals/7', uploadId);
      await expect(objects().listParts('originals/7', uploadId)).rejects.toThrow(UploadNotFoundError);
    });
  });
});
