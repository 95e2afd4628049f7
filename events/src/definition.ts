import type { z } from 'zod';

/** What travels on the bus: a subject and the shape of its data, parsed when sent and when delivered. */
export interface Definition<Data = unknown> {
  readonly subject: string;
  readonly data: z.ZodType<Data>;
}

/** A fact that one service states and any other may act on. Every consumer name gets each one. */
export interface EventDefinition<Data = unknown> extends Definition<Data> {
  readonly kind: 'event';
}

/** Work that exactly one worker is to do. The row behind it, not the message, is the truth. */
export interface JobDefinition<Data = unknown> extends Definition<Data> {
  readonly kind: 'job';
}

/** A question that one service asks another over the bus; answered within seconds or not at all. */
export interface RequestDefinition<Question = unknown, Answer = unknown> {
  readonly kind: 'request';
  readonly subject: string;
  readonly question: z.ZodType<Question>;
  readonly answer: z.ZodType<Answer>;
}

/** A hint to whoever is listening now; may be lost, so its listener also reads the row it is about. */
export interface SignalDefinition<Data = unknown> extends Definition<Data> {
  readonly kind: 'signal';
}

export type DataOf<D extends Definition> = z.output<D['data']>;

export function defineEvent<Data>(subject: string, data: z.ZodType<Data>): EventDefinition<Data> {
  return { kind: 'event', subject, data };
}

export function defineJob<Data>(subject: string, data: z.ZodType<Data>): JobDefinition<Data> {
  return { kind: 'job', subject, data };
}

export function defineRequest<Question, Answer>(
  subject: string,
  question: z.ZodType<Question>,
  answer: z.ZodType<Answer>,
): RequestDefinition<Question, Answer> {
  return { kind: 'request', subject, question, answer };
}

export function defineSignal<Data>(subject: string, data: z.ZodType<Data>): SignalDefinition<Data> {
  return { kind: 'signal', subject, data };
}
