/** What a code means that does not come at the top level, and what to do about it. */
export interface OutcomeCode {
  readonly meaning: string;
  readonly action: string;
}

const CORRECT = 'Show the message beside the input that `path` names.';
const SIGN_IN_AGAIN = 'Let the person sign in again.';

/**
 * `errors[].code` in the payloads of mutations: outcomes that clients are made to expect. Which mutation has which
 * says its description in the schema.
 */
export const OUTCOMES: Readonly<Record<string, OutcomeCode>> = {
  BAD_USER_INPUT: { meaning: 'A value of the input is not taken.', action: CORRECT },
  NOT_FOUND: {
    meaning: 'There is no such thing, or the caller may not see it.',
    action: 'Forget the id.',
  },
  FORBIDDEN: { meaning: 'The thing is somebody else’s.', action: 'Do not offer it.' },

  USERNAME_TAKEN: {
    meaning: 'An account has this name, or one that looks the same.',
    action: 'Ask for another.',
  },
  EMAIL_TAKEN: { meaning: 'An account has this address.', action: 'Offer to sign in.' },
  INVALID_CREDENTIALS: {
    meaning: 'The login or the password is wrong; which of them is never told.',
    action: 'Ask again, and offer to reset the password.',
  },
  CHALLENGE_REQUIRED: {
    meaning: 'The sign-in is unlike the others of this account: a code was mailed.',
    action: 'Ask for the code and sign in again with it as `challenge`.',
  },
  INVALID_REFRESH_TOKEN: {
    meaning: 'The refresh token is unknown, expired, or was used before, and its session has ended.',
    action: SIGN_IN_AGAIN,
  },
  INVALID_RESET_TOKEN: {
    meaning: 'The reset code is unknown, used, replaced by a newer one, or older than 30 minutes.',
    action: 'Offer to send another.',
  },
  INVALID_VERIFICATION_TOKEN: {
    meaning: 'The code from the mail is unknown, used, replaced by a newer one, or older than 30 minutes.',
    action: 'Offer to send another.',
  },
  ALREADY_VERIFIED: { meaning: 'The address counts already.', action: 'Go on.' },

  UNKNOWN_PROVIDER: {
    meaning: 'This server has no such provider.',
    action: 'Offer those of `oauthProviders`.',
  },
  OAUTH_FAILED: {
    meaning: 'The provider refused, did not answer, or answered something that proves nothing.',
    action: 'Offer to begin again.',
  },
  OAUTH_EXPIRED: {
    meaning: 'The sign-in was begun too long ago, or ended already.',
    action: 'Begin again.',
  },
  ACCOUNT_EXISTS: {
    meaning: 'An account has the address that the provider states.',
    action: 'Let the person sign in to it, then link the provider.',
  },
  IDENTITY_TAKEN: {
    meaning: 'The identity is linked to another account.',
    action: 'Say so; sign in with it instead.',
  },
  ALREADY_LINKED: { meaning: 'The account has an identity of this provider.', action: 'Unlink that first.' },
  LAST_SIGN_IN_METHOD: {
    meaning: 'Without it nobody could sign in to the account.',
    action: 'Set a password or link another provider first.',
  },

  TOO_MANY_KEYS: { meaning: 'The account has as many API keys as it may.', action: 'Revoke one first.' },
  FORBIDDEN_SCOPE: {
    meaning: 'A key may not have a scope that its owner does not have.',
    action: 'Ask for fewer scopes.',
  },
  ALREADY_HAS_ROLE: { meaning: 'The account has this role.', action: 'Refresh the session to use it.' },
  ALREADY_REQUESTED: { meaning: 'The same wish waits for an ADMIN.', action: 'Wait.' },
  ALREADY_DECIDED: { meaning: 'Somebody else was faster.', action: 'Read the list again.' },
  RATE_LIMITED: {
    meaning: 'The caller has done this as often as one may for now.',
    action: 'Try again later; the message says how often.',
  },
  ALREADY_REPORTED: {
    meaning: 'The caller has reported this in the case that is open about it.',
    action: 'Say that moderators know.',
  },
  ALREADY_APPEALED: { meaning: 'A case is appealed once.', action: 'Do not offer it again.' },
  NOTHING_TO_APPEAL: {
    meaning: 'The case hides nothing: there is no decision yet, or the thing was cleared.',
    action: 'Read the case again.',
  },
  LAST_ADMIN: { meaning: 'Nobody would be ADMIN any more.', action: 'Make somebody else ADMIN first.' },
  ALREADY_RUNNING: {
    meaning: 'Such a request of this account is under way.',
    action: 'Watch that one: `dataRequestProgress`.',
  },

  EMPTY_FILE: { meaning: 'The file holds no bytes.', action: 'Choose another file.' },
  FILE_TOO_LARGE: { meaning: 'The file is larger than is taken.', action: 'Choose another file.' },
  UNSUPPORTED_TYPE: {
    meaning: 'The file is of no type that is taken, whatever its name says.',
    action: 'Convert it, or choose another.',
  },
  INVALID_PART: {
    meaning: 'A part is missing, or is not what its ETag says.',
    action: 'Send the parts again that `path` names.',
  },
  SIZE_MISMATCH: {
    meaning: 'The parts are together larger or smaller than was announced.',
    action: 'Open another upload.',
  },
  UPLOAD_EXPIRED: { meaning: 'The upload was open for too long.', action: 'Open another upload.' },
  QUOTA_EXCEEDED: {
    meaning: 'The user’s files, those on their way among them, would take more than they may.',
    action: 'Show `User.storage`; offer to delete something or to cancel uploads.',
  },
  TOO_MANY_UPLOADS: {
    meaning: 'As many uploads of the user’s are open as may be.',
    action: 'Complete some, or `cancelUpload`.',
  },
  URL_NOT_ALLOWED: {
    meaning:
      'Nothing is fetched from such a URL: another scheme or port, a private address, a password in it.',
    action: 'Ask for a public one.',
  },
  ALREADY_COMPLETED: {
    meaning: 'The upload is complete: there is nothing to give up.',
    action: 'Offer to delete what was made of it.',
  },

  REMOVAL_CHANGED: {
    meaning: 'There is now more or less to remove than was confirmed; the message names both numbers.',
    action: 'Ask for `artistRemoval` again, and let the person confirm that.',
  },
  ALREADY_YOURS: { meaning: 'The page is the caller’s already.', action: 'Do not offer it.' },
  ALREADY_CLAIMED: {
    meaning: 'A claim of the caller’s for this page waits for a decision.',
    action: 'Show that one: `User.artistClaims`.',
  },
  TOO_MANY_CLAIMS: {
    meaning: 'As many claims of the caller’s wait for a decision as may.',
    action: 'Show them, `User.artistClaims`; offer to withdraw some.',
  },

  GENRE_EXISTS: {
    meaning: 'The name or an alias means another genre; the message names it.',
    action: 'Offer to open that genre, or to merge the two.',
  },
  GENRE_IN_ITSELF: {
    meaning: 'A genre cannot be below itself.',
    action: 'Choose another parent.',
  },
  NOT_UNDER_ROOTS: {
    meaning: 'The folder or prefix is not one that may be imported; the message says which may.',
    action: 'Show the message. Whoever runs the server can add to `IMPORT_ROOTS`.',
  },
  NOT_RETRYABLE: {
    meaning: 'The job’s upload or search has ended with it, and nothing of that is kept.',
    action: 'Let whoever sent it send it anew.',
  },
  NOT_MERGED: { meaning: 'The track is no link to another.', action: 'Read it again.' },

  UPC_TAKEN: {
    meaning: 'Another album of the caller’s has this UPC; the message names it.',
    action: 'Offer to open that album.',
  },
  VERSION_CONFLICT: {
    meaning: 'Somebody else, or another window, has changed it since it was read.',
    action: 'Read it again, show what is different, and let the person decide.',
  },
  ALBUM_FULL: { meaning: 'The album has as many tracks as it may.', action: 'Put them on another album.' },
  QUEUE_FULL: {
    meaning: 'The queue has as many items as it may.',
    action: 'Remove some, or play less at once.',
  },
  TOO_MANY_ROOMS: { meaning: 'The user hosts as many rooms as it may.', action: 'Leave one first.' },
  ROOM_FULL: {
    meaning: 'The room has as many members as it may.',
    action: 'Try again when somebody has left.',
  },
  PLAYLIST_FULL: {
    meaning: 'The playlist has as many items, or members, as it may.',
    action: 'Offer another playlist.',
  },
  WRONG_PLAYLIST_KIND: {
    meaning: 'A rule fills this playlist and people do not, or the other way round.',
    action: 'Do not offer it: `smart` says which it is.',
  },
  TOO_MANY_INVITES: {
    meaning: 'The playlist has as many open invites as it may.',
    action: 'Revoke them first.',
  },
  INVALID_INVITE: {
    meaning: 'The invite is unknown, revoked or too old.',
    action: 'Ask for another one.',
  },
  FOLDER_TOO_DEEP: { meaning: 'Folders nest no deeper.', action: 'Choose another folder.' },
  FOLDER_IN_ITSELF: { meaning: 'A folder cannot be in itself.', action: 'Choose another folder.' },
  TOO_MANY_FOLDERS: { meaning: 'The library has as many folders as it may.', action: 'Delete one first.' },
  UNREADABLE_PLAYLIST: {
    meaning: 'The file is not what its format says, or has no entry, or too many.',
    action: 'Ask for another file.',
  },
};
