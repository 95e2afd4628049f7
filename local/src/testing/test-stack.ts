import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readBackendsConfig } from '../backends/config.ts';
import { type Backends, openBackends } from '../backends/index.ts';
import { type Stack, type StackOptions, startStack } from '../stack.ts';
import { openStackDatabases } from './stack-databases.ts';

export const OBJECTS_KEY = 'objects-key-of-a-test-0123456789abc';

export interface TestStack extends AsyncDisposable {
  readonly directory: string;
  readonly endpoint: string;
  readonly stack: Stack;
  readonly backends: Backends;
}

/** Everything that `npm start` runs, in a folder of the test's own, on the best backends of this machine. */
export async function openTestStack(
  env: Record<string, string> = {},
  settings: Partial<StackOptions> = {},
): Promise<TestStack> {
  await using opened = new AsyncDisposableStack();
  const directory = opened.adopt(await mkdtemp(join(tmpdir(), 'volna-stack-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const config = readBackendsConfig({ ...process.env, ...env });
  const databases = config.POSTGRES_URL ? {} : opened.use(await openStackDatabases());
  const backends = opened.use(
    await openBackends({ config, directory, objectsKey: OBJECTS_KEY, ...databases, tell: () => {} }),
  );
  const grantsKey = 'grants-key-of-a-test-0123456789abcd';
  const stack = opened.use(
    await startStack({ backends, directory, grantsKey, port: 0, concurrency: 2, ...settings }),
  );
  const running = opened.move();
  return {
    directory,
    endpoint: `${stack.url}/graphql`,
    stack,
    backends,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
