import { fc } from '../../../../test/support/properties.js';
import { geminiVendor } from './vendor.js';

describe('the path', () => {
  it.each([
    ['gemini-2.5-pro', 'models/gemini-2.5-pro'],
    ['models/gemini-2.5-pro', 'models/gemini-2.5-pro'],
    ['tunedModels/mine', 'tunedModels/mine'],
    ['a/b', 'models/a%2Fb'],
    ['models/../x', 'models/..%2Fx'],
    ['models/', 'models/'],
    ['x?key=1#', 'models/x%3Fkey%3D1%23'],
    ['x:embedContent', 'models/x%3AembedContent'],
    ['\ud800', 'models/%EF%BF%BD'],
  ])('of %j is /v1beta/%s', (model, expected) => {
    expect(geminiVendor.path(model, false)).toBe(`/v1beta/${expected}:generateContent`);
    expect(geminiVendor.path(model, true)).toBe(`/v1beta/${expected}:streamGenerateContent?alt=sse`);
  });

  it('cannot be left by any model name', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '?',
      '#',
      ':',
      '%2e',
      'models',
      'tunedModels',
      'x',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const { pathname, search, hash } = new URL(geminiVendor.path(pieces.join(''), true), 'https://h');
        expect(pathname).toMatch(/^\/v1beta\/(models|tunedModels)\/[^/:]*:streamGenerateContent$/);
        expect([search, hash]).toEqual(['?alt=sse', '']);
      }),
    );
  });
});
