import { describe, expect, it } from '@jest/globals';
import { LetterLocale, LetterTemplate, newId } from '@volna/events';

import { composeLetter, LANGUAGES } from './compose-letter.ts';
import { VALUES } from './letters.ts';

const id = newId('Letter');
const to = 'reader@example.org';

/** Of each kind of value one that is found again in a letter of any language. */
const SAMPLES: Readonly<Record<string, string>> = {
  name: 'Name7',
  code: 'Code7',
  minutes: '37',
  at: '2031-05-17T13:46:00.000Z',
  until: '2031-05-17T13:46:00.000Z',
  device: 'Device7',
  network: 'Network7',
  email: 'Email7',
  request: 'Request7',
};
/** How it is found where it is written otherwise. */
const WRITTEN: Readonly<Record<string, RegExp>> = { at: /17.*2031.*(13:46|1:46)/s, until: /17.*2031/s };

const all = LetterLocale.options.flatMap((locale) =>
  LetterTemplate.options.map((template) => [locale, template] as const),
);

function valuesFor(template: LetterTemplate): Record<string, string> {
  const names = Object.keys(VALUES[template].shape);
  return Object.fromEntries(names.map((name) => [name, SAMPLES[name] ?? '']));
}

describe.each(all)('%s %s', (locale, template) => {
  const values = valuesFor(template);
  const { subject, text, html } = composeLetter(id, { to, locale, template, values });

  it('has a sample for each of its values', () => {
    expect(Object.values(values)).not.toContain('');
  });

  it('fills in each value, in the text and in the page', () => {
    for (const [name, value] of Object.entries(values)) {
      expect(text).toMatch(WRITTEN[name] ?? new RegExp(value));
      expect(html).toMatch(WRITTEN[name] ?? new RegExp(value));
    }
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|NaN|\{|\}|\[object/);
  });

  it('cannot be made while a value is missing', () => {
    for (const left of Object.keys(values)) {
      const { [left]: _, ...rest } = values;
      expect(() => composeLetter(id, { to, locale, template, values: rest })).toThrow(left);
    }
  });

  it('is in its language', () => {
    const words = `${subject} ${text}`.replaceAll(/\w+7|UTC|Volna/g, '');
    const [latin, cyrillic] = [words.match(/[a-z]/gi) ?? [], words.match(/\p{Script=Cyrillic}/gu) ?? []];
    expect(locale === 'ru' ? latin : cyrillic).toEqual([]);
    expect((locale === 'ru' ? cyrillic : latin).length).toBeGreaterThan(40);
    expect(html).toContain(`lang="${locale}"`);
  });
});

it('has the same letters in every language', () => {
  for (const letters of Object.values(LANGUAGES)) {
    expect(Object.keys(letters).toSorted()).toEqual([...LetterTemplate.options].toSorted());
  }
});

it.each([
  ['en', '1', '1 minute'],
  ['en', '30', '30 minutes'],
  ['ru', '1', '1 минута'],
  ['ru', '22', '22 минуты'],
  ['ru', '30', '30 минут'],
] as const)('counts in %s: %s is %s', (locale, minutes, written) => {
  const values = { name: 'ann', code: 'x', minutes };
  expect(composeLetter(id, { to, locale, template: 'verify-email', values }).text).toContain(written);
});

it('escapes what clients have told us, and keeps it on one line', () => {
  const device = '<script>alert("1")</script>\r\nBcc: all@example.org\n\n\u202Egpj.exe';
  const values = { name: `O'Hara & <b>`, at: SAMPLES['at'] ?? '', device, network: '127.0.0.1' };
  const { text, html } = composeLetter(id, { to, locale: 'en', template: 'new-sign-in', values });
  expect(html).toContain(
    'Device: &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; Bcc: all@example.org gpj.exe',
  );
  expect(html).toContain('Hello O&#39;Hara &amp; &lt;b&gt;,');
  expect(text).toContain('\nDevice: <script>alert("1")</script> Bcc: all@example.org gpj.exe\n');
});

it('names a letter anew only when it says something else', () => {
  const values = { name: 'ann', code: 'one', minutes: '30' };
  const letter = { to, locale: 'en', template: 'reset-password', values } as const;
  const again = composeLetter(id, letter);
  const other = composeLetter(id, { ...letter, values: { ...values, code: 'two' } });
  expect(again.id).toBe(composeLetter(id, letter).id);
  expect(other.id).not.toBe(again.id);
  for (const { id: name } of [again, other]) expect(name.startsWith(`${id}.`)).toBe(true);
});
