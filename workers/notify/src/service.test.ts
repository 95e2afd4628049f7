import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  letterClaim,
  type LetterId,
  letterOrdered,
  lettersForget,
  letterSettled,
  newId,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { openScratch } from '@volna/platform/scratch';

import { readMailConfig } from './mail-config.ts';
import { openTransport } from './open-transport.ts';
import { LETTER_RETRY, startNotify } from './service.ts';
import { openSmtp } from './smtp.ts';
import { type ClaimedLetter, composeLetter } from './templates/compose-letter.ts';
import { certificate, type MailServer, openMailServer } from './testing/mail-server.ts';

const FROM = { name: 'Volna', address: 'volna@example.org' };
const RETRY = { deliveries: 4, pauseMs: 1, longestPauseMs: 2 };
const SECRET = 'a-code-that-nobody-may-read';

describe('the notify worker', () => {
  const wanted = new Map<LetterId, () => ClaimedLetter | null>();
  let opened: AsyncDisposableStack;
  let bus: EmbeddedBus;
  let claims: LetterId[];
  let settled: DataOf<typeof letterSettled>[];

  beforeEach(async () => {
    opened = new AsyncDisposableStack();
    bus = opened.use(await EmbeddedBus.open());
    [claims, settled] = [[], []];
    opened.use(
      await bus.answer(letterClaim, 'users', async ({ letterId }) => {
        claims.push(letterId);
        return { letter: wanted.get(letterId)?.() ?? null };
      }),
    );
    opened.use(await bus.consume(letterSettled, 'users', async (fate) => void settled.push(fate)));
  });

  afterEach(() => opened.disposeAsync());

  async function startWorker({ port }: Pick<MailServer, 'port'>): Promise<void> {
    const url = `smtp://localhost:${port}`;
    const transport = opened.use(openSmtp({ url, from: FROM, requireTls: true, ca: certificate.cert }));
    opened.use(await startNotify({ bus, transport, retry: RETRY }));
  }

  async function order(make: (tried: number) => ClaimedLetter | null = () => aLetter()): Promise<LetterId> {
    const letterId = newId('Letter');
    let tried = 0;
    wanted.set(letterId, () => make(++tried));
    await bus.publish(letterOrdered, { letterId });
    return letterId;
  }

  it('sends what is ordered, once, and says so', async () => {
    await using server = await openMailServer();
    await startWorker(server);
    const letterId = await order();
    await bus.idle();
    expect(server.received).toMatchObject([{ to: ['ann@example.net'], email: { subject: /Reset/ } }]);
    expect(server.received[0]?.email.messageId).toContain(letterId);
    expect(settled).toEqual([{ letterId, sent: true, error: null }]);
  });

  it('does not send what nobody wants any more', async () => {
    await using server = await openMailServer();
    await startWorker(server);
    await order(() => null);
    await bus.idle();
    expect([server.received, settled]).toEqual([[], []]);
    expect(claims).toHaveLength(1);
  });

  it('waits for a mail server that is away, and asks anew for the letter each time', async () => {
    const before = await openMailServer();
    const { port } = before;
    await before[Symbol.asyncDispose]();
    await startWorker(before);
    const letterId = await order((tried) => aLetter(`${SECRET}-${tried}`));
    while (claims.length < 2) await turn();
    await using server = await openMailServer({ port });
    const [received] = await server.until(1);
    await bus.idle();
    expect(received?.email.text).toContain(`${SECRET}-${claims.length}`);
    expect(settled).toEqual([{ letterId, sent: true, error: null }]);
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('tries again where the server puts a letter off', async () => {
    let refusals = 2;
    const refuse = () => (refusals-- > 0 ? '451 4.7.1 greylisted' : undefined);
    await using server = await openMailServer({ refuse });
    await startWorker(server);
    await order();
    await bus.idle();
    expect(claims).toHaveLength(3);
    expect(server.received).toHaveLength(1);
  });

  it('tells at once that there is no such recipient, and tries no more', async () => {
    await using server = await openMailServer({ refuse: () => '550 5.1.1 <ann@example.net> unknown' });
    await startWorker(server);
    const letterId = await order();
    await bus.idle();
    expect(claims).toHaveLength(1);
    const error = 'the mail server said 550 5.1.1 to RCPT TO';
    expect(settled).toEqual([{ letterId, sent: false, error }]);
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('gives up in the end, says why and names nobody; a replay sends the letter', async () => {
    let isMended = false;
    const refuse = () => (isMended ? undefined : '451 4.3.0 no, ann@example.net');
    await using server = await openMailServer({ refuse });
    await startWorker(server);
    const letterId = await order();
    await bus.idle();
    const error = 'the mail server said 451 4.3.0 to RCPT TO';
    expect(claims).toHaveLength(RETRY.deliveries);
    expect(settled).toEqual([{ letterId, sent: false, error }]);
    const letters = await bus.deadLetters();
    expect(letters).toMatchObject([
      { subject: 'jobs.letter', consumer: 'notify', reason: error, data: { letterId }, deliveries: 4 },
    ]);
    expect(JSON.stringify(letters)).not.toMatch(/ann|example|code/);

    isMended = true;
    expect(await bus.replayDeadLetter(letters[0]?.id ?? '')).toBe(true);
    await bus.idle();
    expect(server.received).toHaveLength(1);
    expect(settled.at(-1)).toEqual({ letterId, sent: true, error: null });
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('gives up a letter that cannot be put into words, and tells none of it', async () => {
    await using server = await openMailServer();
    await startWorker(server);
    const letterId = await order(() => ({
      ...aLetter(),
      values: { name: 'ann', code: SECRET, minutes: 'x' },
    }));
    await bus.idle();
    const error = 'the letter could not be made: ZodError';
    expect(settled).toEqual([{ letterId, sent: false, error }]);
    expect(await bus.deadLetters()).toMatchObject([{ reason: error, data: { letterId } }]);
  });

  it('lets one letter that fails hold up no other', async () => {
    await using server = await openMailServer({
      refuse: (_what, address) => (address === 'bob@example.net' ? '451 later' : undefined),
    });
    await startWorker(server);
    await order(() => ({ ...aLetter(), to: 'bob@example.net' }));
    for (let i = 0; i < 5; i++) await order();
    await bus.idle();
    expect(server.received).toHaveLength(5);
    expect(settled.filter(({ sent }) => !sent)).toHaveLength(1);
  });
});

it('forgets letters that are kept in the folder, whichever way letters go now', async () => {
  await using scratch = await openScratch();
  await using bus = await EmbeddedBus.open();
  const mail = readMailConfig({ MAIL_DIRECTORY: scratch.path('mail') });
  const letterId = newId('Letter');
  await using folder = openTransport(mail);
  await folder.send(composeLetter(letterId, aLetter()));
  await using transport = openTransport({ ...mail, SMTP_URL: 'smtp://localhost' });
  await using _ = await startNotify({ bus, transport });
  expect(await bus.request(lettersForget, { letterIds: [letterId] })).toEqual({ files: 2 });
  expect(await bus.request(lettersForget, { letterIds: [letterId] })).toEqual({ files: 0 });
});

it('goes on trying for hours', () => {
  const { deliveries, pauseMs, longestPauseMs } = LETTER_RETRY;
  const pauses = Array.from({ length: deliveries - 1 }, (_, at) =>
    Math.min(pauseMs * 2 ** at, longestPauseMs),
  );
  expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(3 * 3_600_000);
});

function aLetter(code = SECRET): ClaimedLetter {
  const values = { name: 'ann', code, minutes: '30' };
  return { to: 'ann@example.net', locale: 'en', template: 'reset-password', values };
}
