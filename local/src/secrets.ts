import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

const Secrets = z.object({ objects: z.string(), grants: z.string(), demoPassword: z.string() });
export type Secrets = z.infer<typeof Secrets>;

/** The secrets of this data folder, made on its first start and readable by its owner only. */
export async function openSecrets(directory: string): Promise<Secrets> {
  const file = join(directory, 'secrets.json');
  try {
    return Secrets.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
    const secrets = { objects: secret(32), grants: secret(32), demoPassword: secret(9) };
    await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'wx' });
    return secrets;
  }
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
