import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { MeDocument, TrackProcessingDocument } from '@volna/gateway/client';
import { listen } from '@volna/platform/http';

import { type Api, openApi } from './api.ts';

describe('where no server is', () => {
  let api: Api;

  beforeAll(async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    api = openApi(`http://127.0.0.1:${port}/graphql`);
  });

  it('says that nothing answers', async () => {
    await expect(api.ask(MeDocument, {})).rejects.toMatchObject({
      code: 'SERVER_GONE',
      message: expect.stringContaining('no server answers at http://127.0.0.1:'),
    });
  });

  it('says that what is watched goes on', async () => {
    await expect(api.watch(TrackProcessingDocument, { trackId: 'x' }).next()).rejects.toMatchObject({
      code: 'SERVER_GONE',
      message: 'the server went away; the upload goes on when it is back',
    });
  });
});

describe('where a server says that it is asked too often', () => {
  it('comes again when it is told to', async () => {
    const wait = { code: 'RATE_LIMITED', retryAfterMs: 5 };
    const answers = [
      { errors: [{ message: 'too many requests', extensions: wait }] },
      { errors: [{ message: 'too many requests', extensions: wait }] },
      { data: { me: null } },
    ];
    const server = createHttpServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers.shift()));
    });
    const port = await listen(server, 0, '127.0.0.1');
    expect(await openApi(`http://127.0.0.1:${port}/graphql`).ask(MeDocument, {})).toEqual({ me: null });
    expect(answers).toEqual([]);
    server.closeAllConnections();
    server.close();
  });
});
