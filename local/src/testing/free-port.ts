import { createServer } from 'node:http';

import { listen } from '@volna/platform/http';

/** A port of loopback that nobody listens at by now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, 0, '127.0.0.1');
  probe.close();
  return port;
}
