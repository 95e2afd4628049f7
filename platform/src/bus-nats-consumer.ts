import { setTimeout as pause } from 'node:timers/promises';

import { createInbox, type JsMsg, type Msg, nanos, type NatsConnection, type Subscription } from 'nats';
// the package keeps it to itself
import { toJsMsg } from 'nats/lib/jetstream/jsmsg.js';

import { type Consumption, deliver } from './bus-delivery.ts';
import type { Outgoing } from './bus-nats-outgoing.ts';
import { CLOSE_GRACE_MS } from './bus.ts';
import { logger } from './log.ts';

/** How long the broker keeps a request for a message open; one that is lost while it restarts costs this much. */
const PULL_MS = 10_000;
const RECOVER_MS = 200;
const RECOVER_MAX_MS = 5_000;
const EXPIRED = 408;

/** Header of a message that is for one consumer only: a dead letter that is replayed. */
export const ONLY_FOR = 'Volna-Only-For';

export interface NatsConsumerOptions {
  readonly consumption: Consumption;
  readonly stream: string;
  readonly durable: string;
  readonly concurrency: number;
  readonly ackWaitMs: number;
  /** Makes the durable consumer where it is missing. */
  ensure(): Promise<void>;
  bury(text: string, reason: string, deliveries: number): Promise<void>;
}

/** How many messages a request that has run out still stood for; where a server does not say, the watchdog asks anew. */
const PENDING = 'Nats-Pending-Messages';

/**
 * Asks a durable consumer for one message per free hand, so that nothing waits in this process while
 * another one is idle.
 */
export class NatsConsumer implements AsyncDisposable {
  readonly #connection: NatsConnection;
  readonly #options: NatsConsumerOptions;
  readonly #outgoing: Outgoing;
  readonly #inFlight = new Map<JsMsg, Promise<void>>();
  #inbox: Subscription | undefined;
  #requested = 0;
  #isAskDue = false;
  #failures = 0;
  #closing = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(connection: NatsConnection, outgoing: Outgoing, options: NatsConsumerOptions) {
    this.#connection = connection;
    this.#outgoing = outgoing;
    this.#options = options;
  }

  /** Begins, and begins again after the broker was away: what was asked of it before is forgotten. */
  async start(): Promise<void> {
    await this.#options.ensure();
    if (this.#closing) return;
    this.#inbox?.unsubscribe();
    this.#requested = 0;
    const inbox: Subscription = this.#connection.subscribe(createInbox(), {
      callback: (err, message) => {
        if (err) logger.warn({ err }, 'inbox failed');
        else if (inbox === this.#inbox) this.#receive(message);
        else if (message.reply) toJsMsg(message).nak();
      },
    });
    this.#inbox = inbox;
    this.#ask();
  }

  /** Once a turn, for all hands that it has freed. */
  #ask(): void {
    if (this.#isAskDue) return;
    this.#isAskDue = true;
    this.#outgoing.later(() => {
      this.#isAskDue = false;
      this.#askNow();
    });
  }

  #askNow(): void {
    if (this.#closing || !this.#inbox) return;
    const { stream, durable, concurrency } = this.#options;
    const free = concurrency - this.#requested - this.#inFlight.size;
    if (free > 0) {
      this.#requested += free;
      const request = JSON.stringify({ batch: free, expires: nanos(PULL_MS) });
      this.#connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, request, {
        reply: this.#inbox.getSubject(),
      });
    }
    // each request is answered within its time, be it by "nothing came": silence means that it was lost
    clearTimeout(this.#watchdog);
    if (this.#requested > 0)
      this.#watchdog = setTimeout(() => this.#recover(), PULL_MS + RECOVER_MAX_MS).unref();
  }

  #receive(message: Msg): void {
    if (message.reply) {
      this.#failures = 0;
      this.#forgetRequested(1);
      this.#take(toJsMsg(message));
      this.#ask();
    } else if (message.headers?.code === EXPIRED) {
      this.#forgetRequested(Number(message.headers.get(PENDING)) || 1);
      // the last one to run out is followed by one for all hands: an idle consumer asks once, not once a hand
      if (this.#requested === 0) this.#ask();
    } else {
      // the consumer is gone, or JetStream is not up yet
      this.#recover();
    }
  }

  #forgetRequested(count: number): void {
    this.#requested = Math.max(0, this.#requested - count);
  }

  #recover(): void {
    const afterMs = Math.min(RECOVER_MS * 2 ** this.#failures++, RECOVER_MAX_MS);
    clearTimeout(this.#watchdog);
    if (this.#closing || this.#connection.isClosed()) return;
    this.#watchdog = setTimeout(() => {
      this.start().catch((err: unknown) => {
        logger.warn({ err, durable: this.#options.durable }, 'consumer could not be resumed');
        this.#recover();
      });
    }, afterMs).unref();
  }

  #take(message: JsMsg): void {
    if (this.#closing) return message.nak();
    const work = this.#handle(message)
      .catch((err: unknown) => {
        logger.error({ err, durable: this.#options.durable }, 'message could not be settled');
        message.nak(this.#options.consumption.retry.pauseMs);
      })
      .finally(() => {
        this.#inFlight.delete(message);
        if (this.#inFlight.size === 0) this.#stopHeartbeat();
        this.#ask();
      });
    this.#inFlight.set(message, work);
    this.#heartbeat ??= setInterval(() => {
      for (const each of this.#inFlight.keys()) each.working();
    }, this.#options.ackWaitMs / 3).unref();
  }

  async #handle(message: JsMsg): Promise<void> {
    const { consumption } = this.#options;
    const onlyFor = consumption.definition.kind === 'event' && message.headers?.get(ONLY_FOR);
    if (onlyFor && onlyFor !== consumption.consumer) return this.#settle(() => message.ack());

    const text = message.string();
    const delivery = message.info.deliveryCount;
    const outcome = await deliver(consumption, text, delivery);
    if (outcome.kind === 'done') return this.#settle(() => message.ack());
    if (outcome.kind === 'retry') return this.#settle(() => message.nak(outcome.afterMs));
    await this.#options.bury(text, outcome.reason, delivery);
    // no reason given: servers before 2.10 ignore a term with one
    return this.#settle(() => message.term());
  }

  #settle(settle: () => void): void {
    this.#outgoing.later(settle);
  }

  #stopHeartbeat(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  /** Takes no more, and lets what is in hand end; what does not end in time goes to another process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#watchdog);
    const grace = new AbortController();
    const ended = Promise.all([this.#inbox?.drain(), ...this.#inFlight.values()]).catch(() => undefined);
    await Promise.race([
      ended,
      pause(CLOSE_GRACE_MS, undefined, { signal: grace.signal }).catch(() => undefined),
    ]);
    grace.abort();
    this.#stopHeartbeat();
    for (const message of this.#inFlight.keys()) message.nak();
    this.#outgoing.flush();
  }
}
