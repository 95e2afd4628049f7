import { describe, expect, it } from '@jest/globals';
import * as events from '@volna/events';

import { namesOf, streamsOf } from './bus-nats-streams.ts';

const names = namesOf('test');

function streamOf(subject: string): string | undefined {
  const holds = (pattern: string) => names.subject(subject).startsWith(pattern.replace(/>$/, ''));
  return streamsOf(names).find(({ subjects = [] }) => subjects.some(holds))?.name;
}

describe('the streams', () => {
  const definitions = Object.values(events).filter(
    (value): value is Extract<typeof value, { kind: string }> =>
      typeof value === 'object' && 'kind' in value && 'subject' in value,
  );
  const expected = { event: names.events, job: names.jobs, signal: undefined, request: undefined };

  it.each(definitions.map(({ subject, kind }) => [subject, kind] as const))(
    'hold %s as what it is: %s',
    (subject, kind) => {
      expect(streamOf(subject)).toBe(expected[kind]);
    },
  );

  it('refuse a prefix that would be several words of a subject', () => {
    expect(() => namesOf('a.b')).toThrow(/not a prefix/);
    expect(() => namesOf('')).toThrow(/not a prefix/);
  });
});
