import { fc } from '../../../../../test/support/properties.js';
import { SecretMask } from './secret-mask.js';

const SECRET = 'sk-sk-secret';

function masked(chunks: readonly string[]): string {
  const mask = new SecretMask([SECRET]);
  const out = chunks.map(chunk => mask.push(Buffer.from(chunk)));
  return Buffer.concat([...out, mask.end()]).toString();
}

function cutAt(text: string, places: readonly number[]): string[] {
  const cuts = [0, ...places.map(place => place % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
}

describe('the mask over a secret', () => {
  it('covers it wherever the chunks end, and nothing else', () => {
    const piece = fc.constantFrom(SECRET, 'sk-', 'sk-sk-', 's', 'secret', 'x', '\n');
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat()), (pieces, places) => {
        const text = pieces.join('');

        expect(masked(cutAt(text, places))).toBe(text.replaceAll(SECRET, '*'.repeat(SECRET.length)));
      }),
    );
  });

  it('holds nothing back that cannot be the beginning of it', () => {
    const mask = new SecretMask([SECRET]);

    expect(mask.push(Buffer.from('data: 1\n\n')).toString()).toBe('data: 1\n\n');
    expect(mask.push(Buffer.from('a sk-s')).toString()).toBe('a ');
  });

  it('leaves short ones alone, which would be found in innocent texts', () => {
    expect(new SecretMask(['ab']).push(Buffer.from('cab')).toString()).toBe('cab');
  });
});
