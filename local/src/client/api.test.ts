import { once } from 'node:events';
import { createServer } from 'node:net';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { MeDocument, TrackProcessingDocument } from '@volna/gateway/client';

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
