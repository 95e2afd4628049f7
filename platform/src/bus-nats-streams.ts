import {
  AckPolicy,
  type ConsumerConfig,
  DiscardPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  type StreamConfig,
} from 'nats';

import { DUPLICATE_WINDOW_MS, EVENT_MAX_AGE_MS } from './bus.ts';

const DAY_MS = 24 * 3_600_000;
const DEAD_LETTER_MAX_AGE_MS = 30 * DAY_MS;
const DEAD_LETTER_MAX_COUNT = 100_000;
/** Messages given out and not yet acknowledged, those that wait for their next delivery included. */
const MAX_ACK_PENDING = 20_000;

const EVENT_DOMAINS = [
  'users',
  'catalog',
  'albums',
  'playback',
  'search',
  'jobs-events',
  'community',
  'analytics',
];

/** The names that one installation uses on a broker that it may share with others. */
export interface Names {
  readonly events: string;
  readonly jobs: string;
  readonly deadLetters: string;
  subject(subject: string): string;
}

export function namesOf(prefix: string): Names {
  if (!/^[\w-]+$/.test(prefix)) throw new Error(`not a prefix of streams: ${JSON.stringify(prefix)}`);
  return {
    events: `${prefix}_EVENTS`,
    jobs: `${prefix}_JOBS`,
    deadLetters: `${prefix}_DEAD_LETTERS`,
    subject: (subject) => `${prefix}.${subject}`,
  };
}

/**
 * Makes the streams where they are missing, and brings those of an older release up to date. Gives when the
 * youngest of them was made: what was published before may be gone.
 */
export async function ensureStreams(manager: JetStreamManager, names: Names): Promise<Date> {
  let youngest = 0;
  for (const config of streamsOf(names)) {
    const { created } = await ensureStream(manager, config);
    youngest = Math.max(youngest, Date.parse(created));
  }
  return new Date(youngest);
}

async function ensureStream(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }) {
  try {
    return await manager.streams.add(config);
  } catch (err) {
    if (!isNameInUse(err)) throw err;
    return await manager.streams.update(config.name, config);
  }
}

function isNameInUse(err: unknown): boolean {
  return err instanceof NatsError && err.api_error?.err_code === 10_058;
}

export function streamsOf(names: Names): (Partial<StreamConfig> & { name: string })[] {
  const duplicate_window = nanos(DUPLICATE_WINDOW_MS);
  return [
    {
      name: names.events,
      subjects: EVENT_DOMAINS.map((domain) => names.subject(`${domain}.>`)),
      retention: RetentionPolicy.Limits,
      max_age: nanos(EVENT_MAX_AGE_MS),
      duplicate_window,
    },
    {
      name: names.jobs,
      subjects: [names.subject('jobs.>')],
      retention: RetentionPolicy.Workqueue,
      duplicate_window,
    },
    {
      name: names.deadLetters,
      subjects: [names.subject('dead-letters.>')],
      retention: RetentionPolicy.Limits,
      max_age: nanos(DEAD_LETTER_MAX_AGE_MS),
      max_msgs: DEAD_LETTER_MAX_COUNT,
      discard: DiscardPolicy.Old,
      duplicate_window,
    },
  ];
}

/** A durable consumer of one subject: servers before 2.10 know no more than one filter. */
export function durableOf(name: string, filterSubject: string, ackWaitMs: number): Partial<ConsumerConfig> {
  return {
    durable_name: name,
    filter_subject: filterSubject,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    // the consumer counts deliveries itself, so that it can say why it gives a message up
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  };
}
