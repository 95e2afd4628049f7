import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { readBackendsConfig } from '../backends/config.ts';
import { openTally } from '../backup/progress.ts';
import { restore } from './restore.ts';

const USAGE = `npm run restore -- FILE [OPTIONS]
  Puts back what npm run backup has copied: into a folder that npm start takes; or onto the servers that POSTGRES_URL (or
  USERS_DATABASE_URL and the like), S3_ENDPOINT, NATS_URL and QDRANT_URL name, while no service runs. A file that is
  damaged or of a newer release is refused before anything is touched.
  --replace    remove what is there first: databases, objects, keys
  --data DIR   the folder of Volna (.volna where it is left out)
  --help       print this`;

/** The status of a command that was called wrongly. */
const MISUSED = 2;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '.volna' },
      replace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [file, ...rest] = positionals;
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else if (!file || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = MISUSED;
  } else {
    const { point } = await restore({
      file: resolve(file),
      data: resolve(values.data),
      config: readBackendsConfig(process.env),
      env: process.env,
      replace: values.replace,
      tally: openTally(process.stdout),
    });
    process.stdout.write(`volna: everything is as it was at ${point}: npm start\n`);
  }
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
  if (process.env.VOLNA_DEBUG) process.stderr.write(`${err instanceof Error ? err.stack : ''}\n`);
}
if (process.connected) process.disconnect();
