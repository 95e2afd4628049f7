import { letterClaim, letterOrdered, letterSettled, type LetterTemplate } from '@volna/events';
import type { Bus } from '@volna/platform/bus';

/** A letter as the notify worker gets it. */
export interface ReceivedLetter {
  readonly to: string;
  readonly locale: string;
  readonly template: LetterTemplate;
  readonly values: Readonly<Record<string, string>>;
}

/** Takes letters as the notify worker does, and keeps them instead of sending them. */
export interface LetterBox extends AsyncDisposable {
  readonly letters: ReceivedLetter[];
  /** The next letter of this template, taken out of the box; waits for it. */
  take(template: LetterTemplate, to?: string): Promise<ReceivedLetter>;
}

export async function openLetterBox(bus: Bus): Promise<LetterBox> {
  const letters: ReceivedLetter[] = [];
  let heard = Promise.withResolvers<void>();
  const consumer = await bus.consume(letterOrdered, 'letter-box', async ({ letterId }) => {
    const { letter } = await bus.request(letterClaim, { letterId });
    if (!letter) return;
    await bus.publish(letterSettled, { letterId, sent: true, error: null });
    letters.push(letter);
    heard.resolve();
    heard = Promise.withResolvers();
  });
  return {
    letters,
    async take(template, to) {
      for (;;) {
        const at = letters.findIndex((each) => each.template === template && (!to || each.to === to));
        const [found] = at < 0 ? [] : letters.splice(at, 1);
        if (found) return found;
        // oxlint-disable-next-line no-await-in-loop -- until it has come
        await heard.promise;
      }
    },
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}
