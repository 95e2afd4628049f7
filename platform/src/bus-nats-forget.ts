import type { Definition } from '@volna/events';
import type { JetStreamClient, JetStreamManager } from 'nats';

import type { Names } from './bus-nats-streams.ts';

/** Removes what a broker's streams hold of some definitions with any of these words in it. Gives how many messages. */
export async function forgetInStreams(
  client: JetStreamClient,
  manager: JetStreamManager,
  names: Names,
  definitions: readonly Definition[],
  words: readonly string[],
): Promise<number> {
  let count = 0;
  for (const { subject } of definitions) {
    const stored = [
      { stream: names.events, filter: names.subject(subject) },
      { stream: names.deadLetters, filter: names.subject(`dead-letters.${subject}`) },
    ];
    for (const { stream, filter } of stored) {
      for (const seq of await find(client, manager, stream, filter, words)) {
        // overwritten on the disk, not only taken out of the index
        if (await manager.streams.deleteMessage(stream, seq, true)) count++;
      }
    }
  }
  return count;
}

async function find(
  client: JetStreamClient,
  manager: JetStreamManager,
  stream: string,
  filter: string,
  words: readonly string[],
): Promise<number[]> {
  const { state } = await manager.streams.info(stream, { subjects_filter: filter });
  let left = Object.values(state.subjects ?? {}).reduce((sum, n) => sum + n, 0);
  if (left === 0) return [];
  const found: number[] = [];
  const consumer = await client.consumers.get(stream, { filterSubjects: filter });
  const messages = await consumer.consume();
  for await (const message of messages) {
    const text = message.string();
    if (words.some((word) => text.includes(word))) found.push(message.seq);
    // those that come while we read are for the next time
    if (--left === 0 || message.info.pending === 0) break;
  }
  await messages.close();
  await consumer.delete();
  return found;
}
