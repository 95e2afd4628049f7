import { once } from 'node:events';
import { createServer } from 'node:net';

const USUAL = 4000;
const NEIGHBOURS = 20;

/** The wanted port; else the first of 4000 to 4019 that is free, else any. */
export async function choosePort(wanted: number | null): Promise<number> {
  if (wanted !== null) {
    if (wanted === 0 || (await isFree(wanted))) return wanted;
    throw new Error(`port ${wanted} is taken; leave --port out for a free one`);
  }
  for (let port = USUAL; port < USUAL + NEIGHBOURS; port++) if (await isFree(port)) return port;
  return 0;
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
