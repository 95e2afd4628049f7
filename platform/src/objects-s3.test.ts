import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { S3Objects } from './objects-s3.ts';
import { openScratch } from './scratch.ts';

interface Answer {
  readonly status?: number;
  readonly body?: string;
}

const MINUTE_MS = 60_000;

/** An S3 of a few fixed answers, by method and target; what it was asked. */
async function openFixedS3(answers: Readonly<Record<string, Answer>>) {
  const asked: string[] = [];
  const headers: string[] = [];
  const server = createServer((request, response) => {
    const name = `${request.method} ${request.url}`;
    asked.push(name);
    headers.push(...Object.keys(request.headers));
    request.resume();
    const { status = 200, body = '' } = answers[name] ?? {};
    response.writeHead(status, { 'content-type': 'application/xml', etag: '"etag"' }).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    asked,
    headers,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openObjects(endpoint: string, region = 'us-east-1') {
  const publicEndpoint = 'https://files.example';
  const keys = { accessKeyId: 'id', secretAccessKey: 'secret' };
  return S3Objects.open({ endpoint, publicEndpoint, region, bucket: 'music', forcePathStyle: true, ...keys });
}

function pageOfParts(more: boolean, ...numbers: number[]): Answer {
  const parts = numbers.map(
    (n) => `<Part><PartNumber>${n}</PartNumber><ETag>&quot;e${n}&quot;</ETag><Size>${n}00</Size></Part>`,
  );
  const next = more ? '<NextPartNumberMarker>2</NextPartNumberMarker>' : '';
  return {
    body: `<ListPartsResult><IsTruncated>${more}</IsTruncated>${next}${parts.join('')}</ListPartsResult>`,
  };
}

describe('S3Objects', () => {
  it('signs a part for exactly its length, at the public endpoint', async () => {
    await using s3 = await openFixedS3({});
    await using objects = await openObjects(s3.endpoint);

    const { url, method, headers } = await objects.signPart(
      'originals/1',
      'upload-1',
      3,
      5_000_000,
      MINUTE_MS,
    );

    const { origin, pathname, searchParams } = new URL(url);
    expect([method, origin, pathname, headers]).toEqual([
      'PUT',
      'https://files.example',
      '/music/originals/1',
      [],
    ]);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    expect(searchParams.get('X-Amz-Expires')).toBe('60');
    expect([searchParams.get('uploadId'), searchParams.get('partNumber')]).toEqual(['upload-1', '3']);
    expect(url).not.toMatch(/checksum/i);
    const other = await objects.signPart('originals/1', 'upload-1', 3, 5_000_001, MINUTE_MS);
    expect(new URL(other.url).searchParams.get('X-Amz-Signature')).not.toBe(
      searchParams.get('X-Amz-Signature'),
    );
  });

  it('makes a missing bucket, in its region and open to pages', async () => {
    await using s3 = await openFixedS3({ 'HEAD /music/': { status: 404 } });
    await using _objects = await openObjects(s3.endpoint, 'eu-north-1');

    expect(s3.asked).toEqual(['HEAD /music/', 'PUT /music/', 'PUT /music/?cors=']);
  });

  it('opens on no server that refuses it', async () => {
    await using s3 = await openFixedS3({ 'HEAD /music/': { status: 403 } });

    await expect(openObjects(s3.endpoint)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it('lists parts page by page', async () => {
    await using s3 = await openFixedS3({
      'GET /music/originals/1?uploadId=u&x-id=ListParts': pageOfParts(true, 1, 2),
      'GET /music/originals/1?part-number-marker=2&uploadId=u&x-id=ListParts': pageOfParts(false, 3),
      'GET /music/originals/1?x-id=ListParts&uploadId=u': pageOfParts(true, 1, 2),
      'GET /music/originals/1?x-id=ListParts&uploadId=u&part-number-marker=2': pageOfParts(false, 3),
    });
    await using objects = await openObjects(s3.endpoint);

    expect(await objects.listParts('originals/1', 'u')).toEqual([
      { partNumber: 1, etag: 'e1', sizeBytes: 100 },
      { partNumber: 2, etag: 'e2', sizeBytes: 200 },
      { partNumber: 3, etag: 'e3', sizeBytes: 300 },
    ]);
  });

  it('sends a large file in parts, none of which has a checksum that its upload lacks', async () => {
    await using scratch = await openScratch();
    await using s3 = await openFixedS3({
      'POST /music/originals/1?uploads=': { body: '<R><UploadId>u</UploadId></R>' },
      'POST /music/originals/1?uploadId=u': { body: '<R><ETag>&quot;e-2&quot;</ETag></R>' },
    });
    await using objects = await openObjects(s3.endpoint);
    await writeFile(scratch.path('large'), Buffer.alloc(9 * 1024 * 1024));

    await objects.putFile('originals/1', scratch.path('large'));

    expect(s3.asked.slice(1)).toEqual([
      'POST /music/originals/1?uploads=',
      'PUT /music/originals/1?partNumber=1&uploadId=u&x-id=UploadPart',
      'PUT /music/originals/1?partNumber=2&uploadId=u&x-id=UploadPart',
      'POST /music/originals/1?uploadId=u',
    ]);
    expect(s3.headers.filter((name) => name.includes('checksum'))).toEqual([]);
  });

  it('aborts the upload of a file that it cannot send', async () => {
    await using scratch = await openScratch();
    await using s3 = await openFixedS3({
      'POST /music/originals/1?uploads=': { body: '<R><UploadId>u</UploadId></R>' },
      'PUT /music/originals/1?partNumber=1&uploadId=u&x-id=UploadPart': { status: 403 },
    });
    await using objects = await openObjects(s3.endpoint);
    await writeFile(scratch.path('large'), Buffer.alloc(9 * 1024 * 1024));

    const sent = objects.putFile('originals/1', scratch.path('large'));

    await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(s3.asked.at(-1)).toBe('DELETE /music/originals/1?uploadId=u&x-id=AbortMultipartUpload');
  });
});
