import { formatsOf, type Letters } from './letters.ts';

const { minutes, moment, date } = formatsOf('en');
const hello = (name: string) => `Hello ${name},`;
const NOT_YOU = 'If this was not you, reset your password now: that ends every session.';

export const en: Letters = {
  'verify-email': ({ name, code, minutes: within }) => ({
    subject: 'Confirm your e-mail address',
    body: [
      hello(name),
      'this code confirms that this address is yours:',
      { code },
      `It works once, for ${minutes(within)}. If you did not ask for it, do nothing.`,
    ],
  }),
  'reset-password': ({ name, code, minutes: within }) => ({
    subject: 'Reset your Volna password',
    body: [
      hello(name),
      'with this code you can set a new password:',
      { code },
      `It works once, for ${minutes(within)}; a newer letter makes it worthless. If you did not ask for it, do nothing: your password stays as it is.`,
    ],
  }),
  'sign-in-code': ({ name, code, minutes: within }) => ({
    subject: 'Your sign-in code',
    body: [
      hello(name),
      'somebody with your password is signing in from where you have not been before. If it is you, go on with this code:',
      { code },
      `It works once, for ${minutes(within)}. Give it to nobody. ${NOT_YOU}`,
    ],
  }),
  'new-sign-in': ({ name, at, device, network }) => ({
    subject: 'New sign-in to your account',
    body: [
      hello(name),
      'your account was signed in to from a device that we have not seen before.',
      `When: ${moment(at)}`,
      `Device: ${device}`,
      `Network: ${network}`,
      `If this was you, there is nothing to do. ${NOT_YOU}`,
    ],
  }),
  'password-changed': ({ name, at }) => ({
    subject: 'Your password was changed',
    body: [
      hello(name),
      `the password of your account was changed on ${moment(at)}, and its other sessions are ended.`,
      NOT_YOU,
    ],
  }),
  'email-change': ({ name, email }) => ({
    subject: 'Your e-mail address is about to change',
    body: [
      hello(name),
      `your account is about to move to the address ${email}. It does once the code that we sent there comes back.`,
      `${NOT_YOU} It also stops the change.`,
    ],
  }),
  'email-changed': ({ name, email }) => ({
    subject: 'Your e-mail address was changed',
    body: [
      hello(name),
      `your account has moved to the address ${email}; this is the last letter to this one.`,
      'If this was not you, tell whoever runs this Volna.',
    ],
  }),
  'export-ready': ({ name, until }) => ({
    subject: 'Your data is ready',
    body: [
      hello(name),
      'the archive of everything that is kept of you is ready. Sign in to download it.',
      `It is kept until ${date(until)}.`,
    ],
  }),
  erased: ({ name, request }) => ({
    subject: 'Your account is being erased',
    body: [
      hello(name),
      'as you asked, your account and everything that belongs to it are being erased from this Volna. Nobody can bring them back.',
      `The number of your request is ${request}. This is our last letter. If this was not you, tell whoever runs this Volna.`,
    ],
  }),
};
