import type { SendMailOptions } from 'nodemailer';

import { type Message, SendError } from './transport.ts';

/** Who our letters are from. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** One address and nothing that could end it or begin another. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@]+@[^\s<>()[\]\\,;:"@]+$/u;

/** `Volna <volna@example.org>`, or the address alone; null for what is neither. */
export function readSender(text: string): Sender | null {
  const [, name = 'Volna', address = ''] = /^(?:([^<>\p{Cc}]*?)\s*<)?([^<>\s]+)>?$/u.exec(text.trim()) ?? [];
  return ADDRESS.test(address) ? { name: name.replaceAll('"', '').trim() || 'Volna', address } : null;
}

/** The same for SMTP and for the folder: addresses are given as they are, so that none is read out of a text. */
export function toMail({ id, to, subject, text, html }: Message, from: Sender): SendMailOptions {
  if (!ADDRESS.test(to)) throw new SendError('not an address that a letter can go to', true);
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    messageId: `<${id}@${from.address.split('@').at(-1)}>`,
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
