import { readdir, readFile, stat } from 'node:fs/promises';

import { expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';
import PostalMime from 'postal-mime';

import { openFolder } from './folder.ts';
import { readSender } from './to-mail.ts';

it('keeps a letter for mail programs and for people, and from other users of the machine', async () => {
  await using scratch = await openScratch();
  const directory = scratch.path('mail');
  await using transport = openFolder(directory, { name: 'Volna', address: 'volna@localhost' });
  const letter = {
    id: 'let_1.abc',
    to: 'a@example.org',
    subject: 'Код',
    text: 'Ваш код:\n\nxyz\n',
    html: '<p>',
  };
  await transport.send(letter);
  await transport.send({ ...letter, id: 'let_2.abc' });

  const names = (await readdir(directory)).toSorted();
  expect(names.map((name) => name.replace(/^.*Z-/, ''))).toEqual([
    'let_1.abc.eml',
    'let_1.abc.txt',
    'let_2.abc.eml',
    'let_2.abc.txt',
  ]);
  const [eml = '', txt = ''] = await Promise.all(
    names.slice(0, 2).map((name) => readFile(`${directory}/${name}`, 'utf8')),
  );
  expect(txt).toBe('To: a@example.org\nSubject: Код\n\nВаш код:\n\nxyz\n');
  expect(await PostalMime.parse(eml)).toMatchObject({
    subject: 'Код',
    text: 'Ваш код:\n\nxyz\n',
    messageId: '<let_1.abc@localhost>',
  });
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  for (const name of names) expect((await stat(`${directory}/${name}`)).mode & 0o777).toBe(0o600);

  expect(await transport.forget(['let_2', 'let_3'])).toBe(2);
  expect((await readdir(directory)).toSorted()).toEqual(names.slice(0, 2));
});

it('forgets what it keeps of a letter, and of no other', async () => {
  await using scratch = await openScratch();
  const directory = scratch.path('mail');
  await using transport = openFolder(directory, { name: 'Volna', address: 'volna@localhost' });
  expect(await transport.forget(['let_1'])).toBe(0);
  const letter = { to: 'a@example.org', subject: 'A', text: 'a\n', html: '<p>a</p>' };
  for (const id of ['let_1.abc', 'let_1.def', 'let_10.abc', 'let_2.abc'])
    await transport.send({ ...letter, id });
  expect(await transport.forget(['let_1', 'let_2', 'let_3'])).toBe(6);
  const left = (await readdir(directory)).map((name) => name.replace(/^.*Z-/, ''));
  expect(left.toSorted()).toEqual(['let_10.abc.eml', 'let_10.abc.txt']);
});

it.each([
  ['Volna <a@example.org>', { name: 'Volna', address: 'a@example.org' }],
  ['"Volna, Radio" <a@example.org>', { name: 'Volna, Radio', address: 'a@example.org' }],
  ['a@example.org', { name: 'Volna', address: 'a@example.org' }],
  ['Volna', null],
  ['Volna <a@example.org>, b@example.org', null],
  ['Volna\r\nBcc: x <a@example.org>', null],
])('reads the sender %j', (text, sender) => {
  expect(readSender(text)).toEqual(sender);
});
