import path from 'node:path/posix';
import { fc } from '../../../../../test/support/properties.js';
import { InvalidRequestError } from '@app/shared';
import { pathBelow, splitVendorPath, urlBelow } from './vendor-path.js';

const BASES = [
  'https://api.openai.com/v1',
  'https://api.groq.com/openai/v1',
  'https://api.anthropic.com',
  'http://127.0.0.1:8000/v1',
];
/** What a path may be attacked with, at several depths of encoding. */
const hostile = fc.constantFrom(
  ...'. .. / \\ // %2e %2E %2f %5c %252e %252f %25252e %c0%ae %00 ; # ? @ % é ．'.split(' '),
  ...'v1 openai files evil.example http: :80'.split(' '),
  ' ',
);
const attack = fc.array(hostile, { minLength: 1, maxLength: 12 }).map(pieces => `/${pieces.join('')}`);

function decoded(text: string): string {
  let before = '';
  let now = text;
  while (before !== now) {
    before = now;
    now = now.replace(/%([\dA-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  return now;
}

describe('the address of a vendor’s path', () => {
  it.each([
    ['https://api.openai.com/v1', '/files', 'https://api.openai.com/v1/files'],
    ['https://api.openai.com/v1', '/v1/files', 'https://api.openai.com/v1/files'],
    ['https://api.openai.com/v1', '/v1', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1', '/v1beta/files', 'https://api.openai.com/v1/v1beta/files'],
    ['https://api.openai.com/v1/', '/files', 'https://api.openai.com/v1/files'],
    ['https://api.groq.com/openai/v1', '/openai/v1/batches', 'https://api.groq.com/openai/v1/batches'],
    ['https://api.groq.com/openai/v1', '/v1/batches', 'https://api.groq.com/openai/v1/batches'],
    ['https://api.groq.com/openai/v1', '/batches', 'https://api.groq.com/openai/v1/batches'],
    ['https://api.anthropic.com', '/v1/messages/batches', 'https://api.anthropic.com/v1/messages/batches'],
    ['http://127.0.0.1:3002/groq/openai/v1', '/openai/v1/x', 'http://127.0.0.1:3002/groq/openai/v1/x'],
    [
      'https://r.openai.azure.com/openai/deployments/{model}?api-version=1',
      '/openai/deployments/gpt/chat/completions',
      'https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=1',
    ],
  ])('below %s of %s', (base, called, url) => {
    expect(urlBelow(base, { path: called, query: '' })).toBe(url);
  });

  it('keeps the query, and what the base URL says besides', () => {
    const base = 'https://r.example/openai?api-version=1&x=2';

    expect(urlBelow(base, { path: '/files', query: 'b=%2f..&b=1' })).toBe(
      'https://r.example/openai/files?b=%2f..&b=1&api-version=1&x=2',
    );
    expect(urlBelow(base, { path: '/files', query: 'api-version=9' })).toBe(
      'https://r.example/openai/files?api-version=9&x=2',
    );
  });

  it('is below the base URL whatever is asked, however often a server decodes it, or there is none', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...BASES), attack, (base, called) => {
        const target = splitVendorPath(`/openai${called}`);
        const url = target && valid(() => urlBelow(base, target));
        if (!url) {
          return;
        }
        accepted++;
        const { origin, pathname } = new URL(base);
        const root = pathname === '/' ? '' : pathname;
        const sent = new URL(url);
        const [served = ''] = url.slice(origin.length).split('?');

        expect(sent.origin).toBe(origin);
        expect(`${sent.pathname}/`.startsWith(`${root}/`)).toBe(true);
        // Nothing is left for another server to normalise, at whatever depth of encoding.
        const seen = decoded(served);
        expect(path.normalize(seen)).toBe(seen);
        expect(seen.includes('\\')).toBe(false);
        expect(`${seen}/`.startsWith(`${root}/`)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it('holds every path of plain names as it came', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9_.~:@-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), names => {
        const called = `/x-${names.join('/')}`;
        expect(urlBelow('https://a.example/v1', { path: called, query: '' })).toBe(
          `https://a.example/v1${called}`,
        );
      }),
    );
  });

  it('is split only when it has a vendor and a path', () => {
    expect(splitVendorPath('/openai/v1/files?a=b?c')).toEqual({
      vendor: 'openai',
      path: '/v1/files',
      query: 'a=b?c',
    });
    for (const url of [
      '/openai',
      '/openai/',
      '/',
      '',
      '/openai?x=/y',
      'http://x/openai/v1',
      '*',
      '//openai/x',
    ]) {
      expect(splitVendorPath(url)).toBeNull();
    }
  });
});

describe('an address that a vendor tells', () => {
  it.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/files/1?x=y', '/files/1?x=y'],
    ['https://api.openai.com/v1', '/v1/files/1', '/files/1'],
    ['https://api.openai.com/v1', 'https://api.openai.com/v2/files', null],
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/../secret', null],
    ['https://api.openai.com/v1', 'https://api.openai.com.evil.example/v1/x', null],
    ['https://api.openai.com/v1', 'http://api.openai.com/v1/x', null],
    ['https://api.anthropic.com', 'https://api.anthropic.com/v1/x', '/v1/x'],
    ['https://api.anthropic.com', 'https://[', null],
  ])('is seen from %s: %s', (base, told, below) => {
    expect(pathBelow(base, told)).toBe(below);
  });
});

function valid(make: () => string): string | null {
  try {
    return make();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRequestError);
    return null;
  }
}
