import { describe } from './entry'

/** Who we are and what we may do. Numbers 2000-2999. */
export const auth = describe({
  UNAUTHORIZED: {
    number: 2000,
    title: 'The service does not accept our credentials',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The credentials were revoked, rotated or belong to another environment',
        check: 'curl -v with the same credentials',
      },
      {
        cause: 'They are sent in another form than the service expects',
        check: 'Compare `challenge` in the evidence with `auth` of the connection',
      },
      {
        cause: 'A device on the way strips the Authorization header',
        check: 'Look at `via` in the evidence',
      },
    ],
    steps: [
      { who: 'you', do: 'Renew the credentials of the connection.', verify: 'tieout doctor <workflow>' },
    ],
  },
  FORBIDDEN: {
    number: 2001,
    title: 'The service knows us but does not allow this',
    category: 'auth',
    owner: 'other-system',
    then: 'stop',
    causes: [
      { cause: 'The account lacks a right', check: 'Read `answer` in the evidence' },
      {
        cause: 'The service allows only listed addresses, and ours is not on the list',
        check: 'Ask the other side for its list of allowed addresses',
      },
      { cause: 'A filter on the way refused the request', check: 'Look at `product` in the evidence' },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Give the account the right that the message names, or allow our address.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  SCOPE_MISSING: {
    number: 2002,
    title: 'The token lacks a scope',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The scope was not asked for, or not granted to the client',
        check: 'Compare `scope` in the evidence with `auth.scope`',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Add the scope to `auth.scope` and have it granted to the client.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  TOKEN_REFUSED: {
    number: 2003,
    title: 'The service does not accept the token that was just issued',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The token is for another audience, tenant or environment',
        check: 'Compare `auth.audience` and `auth.tokenUrl` with the documentation of the API',
      },
      { cause: 'The clock of this computer is off', check: 'date -u' },
    ],
    steps: [{ who: 'you', do: 'Correct audience and token URL.', verify: 'tieout doctor <workflow>' }],
  },
  OAUTH_CLIENT_REFUSED: {
    number: 2004,
    title: 'The token service does not accept this client',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Client id or secret is wrong or expired',
        check: 'curl -u <id>:<secret> -d grant_type=client_credentials <token URL>',
      },
      {
        cause: 'The service expects the other way of sending the secret',
        check: 'Try clientSecretPost instead of clientSecretBasic',
      },
      {
        cause: 'The public key of the assertion is not registered, or the clock is off',
        check: 'date -u; ask for the registered key id',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct `auth.clientId`, the secret or key, or `auth.method`.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  OAUTH_REQUEST_REFUSED: {
    number: 2005,
    title: 'The token service refuses the request',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'Scope or audience is not known there', check: 'Read `error` in the evidence' },
      { cause: 'The client may not use client credentials', check: 'Look at the grant types of the client' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct `auth.scope` or `auth.audience`, or allow the grant for the client.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  TOKEN_ANSWER_INVALID: {
    number: 2006,
    title: 'The token service did not answer a token',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The token URL is not that of the token endpoint',
        check: 'curl -v -d grant_type=client_credentials <token URL>',
      },
    ],
    steps: [{ who: 'you', do: 'Correct `auth.tokenUrl`.', verify: 'tieout doctor <workflow>' }],
  },
  KEY_UNUSABLE: {
    number: 2007,
    title: 'The private key cannot be used',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'It is not a PKCS#8 PEM', check: 'openssl pkey -in <file> -noout' },
      {
        cause: 'Its kind does not fit the algorithm',
        check: 'RS256 and PS256 want an RSA key, ES256 one on the curve P-256',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Convert the key: openssl pkcs8 -topk8 -nocrypt -in <file>.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  CREDENTIAL_MALFORMED: {
    number: 2008,
    title: 'A credential contains something that cannot belong to it',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'It was pasted with a line break, quotes or the word Bearer',
        check: 'Look at the beginning and end of the secret',
      },
    ],
    steps: [{ who: 'you', do: 'Store the bare value again.', verify: 'tieout doctor <workflow>' }],
  },
  GATEWAY_KEY_UNUSABLE: {
    number: 2009,
    title: 'The secret of the gateway cannot be used',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The state was moved or restored without the file gateway.key that belongs to it',
        check: 'ls -l .tieout/gateway.key and compare its age with that of gateway.sqlite',
      },
      { cause: 'The file was cut or edited', check: 'wc .tieout/gateway.key: two words on every line' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Restore the file from the backup of the same time as gateway.sqlite.',
        verify: 'tieout keys list',
      },
      {
        who: 'you',
        do: 'If it is lost, revoke all keys and make new ones; webhooks need new secrets.',
        verify: 'tieout keys list',
      },
    ],
  },
  KEY_UNKNOWN: {
    number: 2010,
    status: 404,
    title: 'There is no such key',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A typing error, or a key of another gateway', check: 'tieout keys list' }],
    steps: [
      { who: 'you', do: 'Give the id that the list shows, such as tk_5f0c1d2e.', verify: 'tieout keys list' },
    ],
  },
  AUDIT_BROKEN: {
    number: 2011,
    title: 'The audit log was changed',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Somebody changed or removed entries in gateway.sqlite',
        check: 'Compare with a copy of the file that was made before',
      },
      {
        cause: 'The file was restored from a backup and lacks what came later',
        check: 'Compare the last entry with the time of the backup',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Keep a copy of gateway.sqlite as it is and find out who had access to it; entries before the one named hold.',
        verify: 'tieout audit verify',
      },
    ],
  },
  GATEWAY_SETTINGS_INVALID: {
    number: 2012,
    title: 'The settings of the gateway cannot be used',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A setting is misspelt or has a value of another kind',
        check: 'The message names each of them',
      },
    ],
    steps: [{ who: 'you', do: 'Correct the settings that the message names.', verify: 'tieout serve' }],
  },
})
