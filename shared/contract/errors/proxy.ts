import { describe } from './entry'

/** Proxies on the way out. Numbers 1100-1199. */
export const proxy = describe({
  PROXY_AUTH_REQUIRED: {
    number: 1100,
    title: 'The proxy wants a user name and password',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      {
        cause: 'No credentials, or wrong ones, in the address of the proxy',
        check: 'curl -x <proxy> -I <address>',
      },
      {
        cause: 'Special characters of the password are not percent-encoded',
        check: 'Look for @ : / in the password',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Write the proxy as http://user:password@host:port with percent-encoded special characters.',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'your-network-team',
        do: 'Give this computer a service account, or exempt the target host.',
        verify: 'curl -x <proxy> -I <address>',
      },
    ],
  },
  PROXY_AUTH_UNSUPPORTED: {
    number: 1101,
    title: 'The proxy accepts only NTLM or Kerberos',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      {
        cause: 'The proxy does not offer Basic authentication',
        check: 'curl -v -x <proxy> <address>, header proxy-authenticate',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Exempt the target host or this computer from authentication.',
        verify: 'curl -x <proxy> -I <address>',
      },
      {
        who: 'you',
        do: 'Else run a local relay that speaks NTLM or Kerberos (Px, Cntlm) and set it as proxy.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  PROXY_REFUSED: {
    number: 1102,
    title: 'The proxy does not let this host through',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      {
        cause: 'The host or its port is not on the list of allowed destinations',
        check: 'curl -v -x <proxy> <address>',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Allow the host and port in the message on the proxy.',
        verify: 'curl -x <proxy> -I <address>',
      },
    ],
  },
  PROXY_UNREACHABLE: {
    number: 1103,
    title: 'The proxy does not answer',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [
      { cause: 'The address of the proxy is wrong or old', check: 'nc -vz <proxy host> <proxy port>' },
      { cause: 'The proxy is down', check: 'nc -vz <proxy host> <proxy port>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Check `proxy` of the connection, or HTTPS_PROXY and NO_PROXY.',
        verify: 'tieout doctor <workflow>',
      },
      { who: 'your-network-team', do: 'Restore the proxy.', verify: 'nc -vz <proxy host> <proxy port>' },
    ],
  },
  PROXY_FAILED: {
    number: 1104,
    title: 'The proxy could not reach the service',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [
      {
        cause: 'The service is down, or the proxy cannot resolve its name',
        check: 'curl -v -x <proxy> <address>',
      },
      {
        cause: 'An internal host is reached over the proxy',
        check: 'See whether the host belongs into NO_PROXY',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Put internal hosts into `noProxy` of the connection or into NO_PROXY.',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'your-network-team',
        do: 'Let the proxy reach the host and port in the message.',
        verify: 'curl -x <proxy> -I <address>',
      },
    ],
  },
})
