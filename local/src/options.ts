import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { z } from 'zod';

export interface LocalOptions {
  /** Leave the demo library out. */
  readonly empty: boolean;
  /** The endpoint's port; null takes 4000 or the next free one. */
  readonly port: number | null;
  /** Where everything is kept. */
  readonly data: string;
}

const Port = z.coerce.number().int().min(0).max(65_535);

/** Reads the command line; null asks for the usage. Throws on what it does not know. */
export function readOptions(args: readonly string[]): LocalOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      empty: { type: 'boolean', default: false },
      port: { type: 'string' },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const port = values.port === undefined ? null : Port.safeParse(values.port);
  if (port && !port.success) throw new Error(`--port wants a number from 0 to 65535, not ${values.port}`);
  return { empty: values.empty, port: port?.data ?? null, data: resolve(values.data) };
}
