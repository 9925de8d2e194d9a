import { fc } from '../../../../test/support/properties.js';
import { isPackedVector, packVector, unpackVector } from './float32.js';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('a packed vector', () => {
  it('is little-endian, four bytes a number', () => {
    // 1.0 is 0x3f800000, -2.5 is 0xc0200000
    expect(packVector([1, -2.5])).toBe(Buffer.from('0000803f000020c0', 'hex').toString('base64'));
    expect(unpackVector('AACAPwAAIMA=')).toEqual([1, -2.5]);
  });

  it('holds every 32-bit number there is', () => {
    fc.assert(
      fc.property(fc.array(float, { minLength: 1 }), vector => {
        expect(unpackVector(packVector(vector))?.map(Math.fround)).toEqual(vector);
        expect(packVector(unpackVector(packVector(vector)) ?? [])).toBe(packVector(vector));
        expect(isPackedVector(packVector(vector))).toBe(true);
      }),
    );
  });

  it('is read as the decimals that a vendor would have written', () => {
    expect(unpackVector(packVector([0.1, -0.013431838, 1e-7]))).toEqual([0.1, -0.013431838, 1e-7]);
  });

  it.each(['', 'AAA=', 'not base64 at all!?'])('is none in %j', text => {
    expect(unpackVector(text)).toBeNull();
    expect(isPackedVector(text)).toBe(false);
  });
});
