import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '@app/shared';
import { EgressGuard, EgressRefusedError, type Resolve } from './egress-guard.js';

const never = new AbortController().signal;

const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));

async function fetched(guard: EgressGuard, url: string): Promise<string> {
  const { body } = await guard.get(url, never);
  return body.text();
}

describe('EgressGuard', () => {
  const guards: EgressGuard[] = [];
  let server: Server;
  let port: number;
  let visits: string[];

  beforeAll(async () => {
    // Both ends of the loopback network: the test allows one address and not the other.
    server = createServer((request, response) => {
      visits.push(`${request.socket.localAddress} ${request.headers.host} ${request.url}`);
      if (request.url === '/away') {
        response.writeHead(302, { location: `http://127.0.0.2:${port}/secret` });
      }
      response.end('found');
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  beforeEach(() => {
    visits = [];
  });

  afterEach(async () => {
    await Promise.all(guards.splice(0).map(guard => guard.onApplicationShutdown()));
  });

  afterAll(() => server.close());

  function guardOf(allow: string, resolve?: Resolve): EgressGuard {
    const config = readConfig({ AI_GATEWAY_EGRESS_ALLOW: allow, AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '1024' });
    const guard = new EgressGuard(config, resolve);
    guards.push(guard);
    return guard;
  }

  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://0:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://user:password@example.com/',
    'https://127.0.0.1:PORT/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1:PORT/',
    'data:text/plain,x',
    '//example.com/',
    'nonsense',
    '',
  ])('does not go to %s', async url => {
    await expect(guardOf('').get(url.replace('PORT', String(port)), never)).rejects.toThrow(
      EgressRefusedError,
    );
    expect(visits).toEqual([]);
  });

  it('goes to an allowed address, network or host', async () => {
    const here = answering('127.0.0.1');

    await expect(fetched(guardOf('127.0.0.1'), `http://127.0.0.1:${port}/a?b=c`)).resolves.toBe('found');
    await expect(fetched(guardOf('127.0.0.0/8', here), `http://files.test:${port}/`)).resolves.toBe('found');
    await expect(fetched(guardOf('files.test', here), `http://FILES.test:${port}/`)).resolves.toBe('found');
    await expect(fetched(guardOf('files.test', here), `http://other.test:${port}/`)).rejects.toThrow(
      EgressRefusedError,
    );
    expect(visits).toHaveLength(3);
    expect(visits[0]).toBe(`127.0.0.1 127.0.0.1:${port} /a?b=c`);
  });

  it.each([
    ['only a private address', ['10.0.0.1']],
    ['a private one behind a public one', ['8.8.8.8', '127.0.0.1']],
    ['a private one in front', ['127.0.0.1', '8.8.8.8']],
    ['one in the clothes of IPv6', ['8.8.8.8', '::ffff:127.0.0.1']],
    ['none', []],
  ])('refuses a name with %s', async (_, addresses) => {
    const guard = guardOf('', answering(...addresses));

    await expect(guard.get(`http://name.test:${port}/`, never)).rejects.toThrow(EgressRefusedError);
    expect(visits).toEqual([]);
  });

  it('connects to what it checked, whatever the name means a moment later', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const guard = guardOf('127.0.0.1', rebinding);

    await expect(fetched(guard, `http://rebind.test:${port}/one`)).resolves.toBe('found');
    expect(asked).toBe(1);
    expect(visits).toEqual([`127.0.0.1 rebind.test:${port} /one`]);
  });

  it('checks again for each new connection', async () => {
    let address = '127.0.0.1';
    const guard = guardOf('127.0.0.1', async () => [{ address, family: 4 }]);
    await expect(fetched(guard, `http://rebind.test:${port}/`)).resolves.toBe('found');
    address = '127.0.0.2';
    server.closeAllConnections();

    await expect(guard.get(`http://rebind.test:${port}/secret`, never)).rejects.toThrow(EgressRefusedError);
    expect(visits.filter(visit => visit.includes('127.0.0.2'))).toEqual([]);
  });

  it('follows no redirect', async () => {
    await expect(guardOf('127.0.0.0/8').get(`http://127.0.0.1:${port}/away`, never)).rejects.toThrow(
      EgressRefusedError,
    );
    expect(visits).toHaveLength(1);
  });

  it('says the same of a name that nobody knows and of a host that does not answer', async () => {
    const unknown = guardOf('', () => Promise.reject(new Error('getaddrinfo ENOTFOUND intranet.corp')));
    const error = await unknown.get('http://intranet.corp/', never).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(EgressRefusedError);
    expect(String(error)).not.toContain('ENOTFOUND');
    await expect(guardOf('127.0.0.1').get('http://127.0.0.1:1/', never)).rejects.toThrow(EgressRefusedError);
  });

  it('stops with its caller', async () => {
    const leaving = new AbortController();
    const going = guardOf('', () => {
      leaving.abort(new Error('gone'));
      return answering('127.0.0.1')('x');
    }).get('http://slow.test/', leaving.signal);

    await expect(going).rejects.toThrow('gone');
  });
});
