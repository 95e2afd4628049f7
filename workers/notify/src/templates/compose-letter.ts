import { createHash } from 'node:crypto';

import type { LetterLocale, LetterTemplate } from '@volna/events';

import type { Message } from '../transport.ts';
import { en } from './en.ts';
import { type Letters, type Paragraph, VALUES, type Words } from './letters.ts';
import { ru } from './ru.ts';

export interface ClaimedLetter {
  readonly to: string;
  readonly locale: LetterLocale;
  readonly template: LetterTemplate;
  readonly values: Readonly<Record<string, string>>;
}

export const LANGUAGES: Readonly<Record<LetterLocale, Letters>> = { en, ru };

/** Controls, and what turns the direction of a line: nothing that a client has sent us is to have them. */
const UNWRITTEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Puts a letter into words; throws where a value is missing. */
export function composeLetter(letterId: string, { to, locale, template, values }: ClaimedLetter): Message {
  const clean = Object.entries(values).map(([key, value]) => [key, value.replaceAll(UNWRITTEN, ' ')]);
  // a schema and a letter of one name fit each other, which the compiler cannot follow
  const write = LANGUAGES[locale][template] as (filled: unknown) => Words;
  const { subject, body } = write(VALUES[template].parse(Object.fromEntries(clean)));
  const text = body.map(toText).join('\n\n');
  return { id: `${letterId}.${digest(text)}`, to, subject, text: `${text}\n`, html: toHtml(locale, body) };
}

function toText(paragraph: Paragraph): string {
  return typeof paragraph === 'string' ? paragraph : paragraph.code;
}

function toHtml(locale: LetterLocale, body: readonly Paragraph[]): string {
  const blocks = body.map((paragraph) =>
    typeof paragraph === 'string'
      ? `<p>${escape(paragraph)}</p>`
      : `<p><code style="font-size:1.2em;word-break:break-all">${escape(paragraph.code)}</code></p>`,
  );
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>Volna</title></head>
<body style="font-family:sans-serif;max-width:40em;margin:2em auto;padding:0 1em">
${blocks.join('\n')}
</body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Tells a try with another code from a mere repetition, which mail programs may hide. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
