import type { IncomingHttpHeaders } from 'node:http';
import { isSameOrigin } from './same-origin.js';

const host = 'gateway.example:3001';

describe('isSameOrigin', () => {
  it.each<[IncomingHttpHeaders, boolean]>([
    [{ host, 'sec-fetch-site': 'same-origin' }, true],
    [{ host: 'inner:80', origin: 'https://gateway.example', 'sec-fetch-site': 'same-origin' }, true],
    [{ host, origin: `http://${host}` }, true],
    [{ host: 'gateway.example', origin: 'https://gateway.example' }, true],
    [{ host, origin: `http://${host}`, 'sec-fetch-site': 'cross-site' }, false],
    [{ host, origin: `http://${host}`, 'sec-fetch-site': 'same-site' }, false],
    [{ host, 'sec-fetch-site': 'none' }, false],
    [{ host, origin: 'http://gateway.example' }, false],
    [{ host, origin: `http://${host}.evil.example` }, false],
    [{ host, origin: 'null' }, false],
    [{ origin: 'null' }, false],
    [{ host }, false],
  ])('of %j is %s', (headers, expected) => {
    expect(isSameOrigin(headers)).toBe(expected);
  });
});
