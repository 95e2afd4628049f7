import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { readBackendsConfig } from '../backends/config.ts';
import { openTally } from '../backup/progress.ts';
import { readUsage } from '../usage.ts';
import { restore } from './restore.ts';

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
  if (values.help) process.stdout.write(readUsage(import.meta.url));
  else if (!file || rest.length > 0) {
    process.stderr.write(readUsage(import.meta.url));
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
