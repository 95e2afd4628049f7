import type { PersonalData } from '@volna/platform/personal-data';

/** What users keeps of a person. Erased last of all services: until then the account shows how far it is. */
export const personalData: PersonalData = {
  service: 'users',
  tables: [
    {
      table: 'refresh_token',
      where: 'session_id IN (SELECT id FROM session WHERE user_id = $1)',
      omit: ['hash'],
    },
    { table: 'session', where: 'user_id = $1' },
    { table: 'device', where: 'user_id = $1' },
    { table: 'password_reset', where: 'user_id = $1', omit: ['hash'] },
    { table: 'email_verification', where: 'user_id = $1', omit: ['hash'] },
    { table: 'oauth_identity', where: 'user_id = $1' },
    { table: 'oauth_attempt', where: 'user_id = $1', omit: ['hash', 'code_verifier', 'nonce'] },
    { table: 'api_key', where: 'user_id = $1', omit: ['hash'] },
    { table: 'letter', where: 'user_id = $1' },
    { table: 'role_request', where: 'user_id = $1' },
    { table: 'data_request', where: `user_id = $1 AND kind = 'EXPORT'`, omit: ['archive_key'] },
    // what was done stays on record, where from does not
    {
      table: 'audit_entry',
      where: 'actor_id = $1 OR subject_id = $1',
      scrub: 'ip = NULL, user_agent = NULL',
    },
    {
      table: '"user"',
      where: 'id = $1',
      omit: ['password_hash', 'username_key', 'email_key', 'look_alike_key'],
    },
  ],
};
