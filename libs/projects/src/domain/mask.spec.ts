import { maskKey, maskSecret } from './mask.js';

const secretOf = (length: number): string =>
  'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL'.slice(0, length);

describe('a masked key', () => {
  it('is recognisable when it is long', () => {
    expect(maskKey(`ak_${secretOf(48)}`)).toBe('ak_abcd…IJKL');
    expect(maskSecret(secretOf(20))).toBe('…qrst');
  });

  it.each(Array.from({ length: 49 }, (_, length) => length))(
    'shows a quarter of %i characters at most',
    length => {
      const secret = secretOf(length);

      for (const masked of [maskKey(`ak_${secret}`).slice('ak_'.length), maskSecret(secret)]) {
        expect(masked.replace('…', '').length).toBeLessThanOrEqual(length / 4);
      }
    },
  );
});
