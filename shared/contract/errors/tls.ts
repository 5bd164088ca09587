import { describe } from './entry'

/** Certificates and TLS. Numbers 1200-1299. */
export const tls = describe({
  TLS_AUTHORITY_UNKNOWN: {
    number: 1200,
    title: 'The certificate comes from an authority that this computer does not know',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      {
        cause: 'The network inspects TLS and signs certificates itself',
        check: 'openssl s_client -connect <host>:<port> -servername <host>, line issuer',
      },
      {
        cause: 'The service uses a certificate of a private authority',
        check: 'Ask the owner of the service who issues its certificates',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Give the root certificate of the issuer in the message as a PEM file, or exempt the host from inspection.',
        verify: 'openssl x509 -in <file> -noout -subject',
      },
      { who: 'you', do: 'Name the file in `ca` of the connection.', verify: 'tieout doctor <workflow>' },
    ],
  },
  TLS_CHAIN_INCOMPLETE: {
    number: 1201,
    title: 'The server does not send the whole chain of its certificate',
    category: 'network',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'An intermediate certificate is missing on the server',
        check: 'openssl s_client -connect <host>:<port> -servername <host> -showcerts',
      },
      {
        cause: 'The certificate comes from an authority that this computer does not know',
        check: 'Look at `certIssuer` in the evidence',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Install the certificate together with its intermediates.',
        verify: 'openssl s_client -connect <host>:<port> -servername <host>',
      },
      {
        who: 'you',
        do: 'Until then name a PEM file with the missing certificate in `ca` of the connection.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  TLS_SELF_SIGNED: {
    number: 1202,
    title: 'The server vouches for itself',
    category: 'network',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'A test server, or a device with the certificate of its maker',
        check: 'openssl s_client -connect <host>:<port> -servername <host>',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Install a certificate of an authority.',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'you',
        do: 'Or compare its fingerprint with the owner by phone and name its PEM file in `ca` of the connection.',
        verify: 'openssl x509 -in <file> -noout -fingerprint -sha256',
      },
    ],
  },
  TLS_NAME_MISMATCH: {
    number: 1203,
    title: 'The certificate belongs to another host name',
    category: 'network',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The address uses an alias or an IP address',
        check: 'Compare it with `certNames` in the evidence',
      },
      { cause: 'The name leads to the wrong server, or to a portal', check: 'nslookup <host>' },
    ],
    steps: [
      { who: 'you', do: 'Use one of the names in the certificate.', verify: 'tieout doctor <workflow>' },
    ],
  },
  TLS_EXPIRED: {
    number: 1204,
    title: 'The certificate of the server has expired',
    category: 'network',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'It was not renewed',
        check: 'openssl s_client -connect <host>:<port> -servername <host> | openssl x509 -noout -dates',
      },
      { cause: 'The clock of this computer is ahead', check: 'date -u' },
    ],
    steps: [{ who: 'other-system', do: 'Renew the certificate.', verify: 'tieout doctor <workflow>' }],
  },
  TLS_NOT_YET_VALID: {
    number: 1205,
    title: 'The certificate of the server is not valid yet',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'The clock of this computer is behind', check: 'date -u' }],
    steps: [{ who: 'you', do: 'Synchronise the clock.', verify: 'tieout doctor <workflow>' }],
  },
  TLS_CLIENT_CERTIFICATE_REFUSED: {
    number: 1206,
    title: 'The server does not accept our client certificate, or misses one',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'No client certificate is set', check: 'Read `auth` of the connection' },
      {
        cause: 'The certificate has expired or is not registered with the service',
        check: 'openssl x509 -in <file> -noout -dates -fingerprint -sha256',
      },
      {
        cause: 'The network inspects TLS: client certificates cannot pass',
        check: 'openssl s_client -connect <host>:<port>, line issuer',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Set auth: {type: clientCertificate, ...} and register the certificate with the service.',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'your-network-team',
        do: 'Exempt the host from TLS inspection.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  TLS_CLIENT_CERTIFICATE_UNUSABLE: {
    number: 1207,
    title: 'The client certificate cannot be opened',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The passphrase is wrong', check: 'openssl pkcs12 -in <file> -noout' },
      {
        cause: 'The PFX file uses an old encryption (RC2, 3DES)',
        check: 'openssl pkcs12 -in <file> -info -noout',
      },
      {
        cause: 'Key and certificate do not belong together',
        check: 'Compare openssl x509 -in <cert> -noout -pubkey with openssl pkey -in <key> -pubout',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Export the certificate again with AES-256, or correct the passphrase.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  TLS_TOO_OLD: {
    number: 1208,
    title: 'The two sides have no TLS version or cipher in common',
    category: 'network',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The server offers only TLS 1.0 or 1.1',
        check: 'openssl s_client -connect <host>:<port> -tls1_2',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Enable TLS 1.2 or later.',
        verify: 'openssl s_client -connect <host>:<port> -tls1_2',
      },
    ],
  },
  TLS_NOT_SPOKEN: {
    number: 1209,
    title: 'The server does not speak TLS at this port',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'https:// is used for an http port', check: 'curl -v http://<host>:<port>' },
      {
        cause: 'The proxy is given as https:// but speaks http://',
        check: 'Look at `proxy` and HTTPS_PROXY',
      },
    ],
    steps: [{ who: 'you', do: 'Correct scheme or port.', verify: 'tieout doctor <workflow>' }],
  },
  TLS_FAILED: {
    number: 1210,
    title: 'The TLS connection failed',
    category: 'network',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The reason is in the evidence',
        check: 'openssl s_client -connect <host>:<port> -servername <host>',
      },
    ],
    steps: [
      { who: 'you', do: 'Send the evidence to the owner of the server.', verify: 'tieout doctor <workflow>' },
    ],
  },
})
