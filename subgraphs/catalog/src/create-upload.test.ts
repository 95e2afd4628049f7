import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { wav } from './testing/audio.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { CREATE_UPLOAD, sendParts } from './testing/operations.ts';

const MIB = 1024 * 1024;
const alice = aViewer();
const bob = aViewer();
let catalog: TestCatalog;

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

async function create(input: object) {
  const file = { filename: 'a.wav', contentType: 'audio/wav', sizeBytes: 1000 };
  const { data } = await catalog.as(alice)(CREATE_UPLOAD, { input: { ...file, ...input } });
  return data.createUpload;
}

const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);

describe('createUpload', () => {
  it('cuts a file into parts with a URL each', async () => {
    const { upload } = await create({ sizeBytes: 20 * MIB });

    expect(upload).toMatchObject({ status: 'PENDING', filename: 'a.wav', sizeBytes: 20 * MIB });
    const sizes = upload.parts.map((part: { sizeBytes: number }) => part.sizeBytes);
    expect(sizes).toEqual([8 * MIB, 8 * MIB, 4 * MIB]);
    expect(new Set(upload.parts.map((part: { url: string }) => part.url)).size).toBe(3);
  });

  it.each([
    ['no bytes', { sizeBytes: 0 }, 'EMPTY_FILE'],
    ['a negative size', { sizeBytes: -1 }, 'BAD_USER_INPUT'],
    ['half a byte', { sizeBytes: 0.5 }, 'BAD_USER_INPUT'],
    ['too many bytes', { sizeBytes: 41 * MIB }, 'FILE_TOO_LARGE'],
    ['another kind of file', { filename: 'a.exe' }, 'UNSUPPORTED_TYPE'],
    ['a name and a type that differ', { filename: 'a.mp3' }, 'UNSUPPORTED_TYPE'],
    ['a type that is no audio', { contentType: 'text/html' }, 'UNSUPPORTED_TYPE'],
    ['no name', { filename: '' }, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, input, code) => {
    const answer = await create(input);

    expect(answer.upload).toBeNull();
    expect(codes(answer)).toEqual([code]);
  });

  it('takes no folders and no control characters from a file name', async () => {
    const { upload } = await create({ filename: '../../etc/\u0000pass\r\nwd.wav' });

    expect(upload.filename).toBe('passwd.wav');
    const { objectKey } = await catalog.db.upload.findUniqueOrThrow({ where: { id: upload.id } });
    expect(objectKey).toBe(`uploads/${alice.userId}/${upload.id}/passwd.wav`);
  });

  it('asks a stranger to sign in', async () => {
    const input = { filename: 'a.wav', contentType: 'audio/wav', sizeBytes: 1 };
    const { errors } = await catalog.as(null)(CREATE_UPLOAD, { input });

    expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('gives what is missing again, to its owner alone', async () => {
    const file = Buffer.concat([wav(0.1), Buffer.alloc(9 * MIB)]);
    const { upload } = await create({ sizeBytes: file.length });
    await sendParts(upload.parts.slice(0, 1), file);
    const query = 'query ($id: ID!) { upload(id: $id) { parts { partNumber } } }';

    const own = await catalog.as(alice)(query, { id: upload.id });
    expect(own.data.upload.parts).toEqual([{ partNumber: 2 }]);
    expect((await catalog.as(bob)(query, { id: upload.id })).data.upload).toBeNull();
  });
});
