import { NatsError } from 'nats';

import { connectNats } from './bus-nats-connection.ts';
import { namesOf } from './bus-nats-streams.ts';

const CONNECT_MS = 10_000;

/**
 * Empties the bus of an installation: after its databases were put back to an earlier point, what the bus knows is of a
 * time that has never been. What the outboxes hold is stated anew.
 */
export async function resetNatsBus(url: string, prefix = 'volna'): Promise<void> {
  const names = namesOf(prefix);
  const { connection, manager } = await connectNats(url, names, CONNECT_MS);
  try {
    for (const stream of [names.events, names.jobs, names.deadLetters]) {
      await manager.streams.delete(stream).catch((err: unknown) => {
        if (!(err instanceof NatsError) || err.api_error?.code !== 404) throw err;
      });
    }
  } finally {
    await connection.close();
  }
}
