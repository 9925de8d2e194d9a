import { createHmac } from 'node:crypto';
import { fc } from '../../../../test/support/properties.js';
import { hmac } from './hmac.js';

describe('hmac', () => {
  it('is what Node makes of the same', () => {
    const keys = fc.uint8Array({ maxLength: 64 }).map(bytes => Buffer.from(bytes));
    fc.assert(
      fc.property(keys, fc.string({ unit: 'binary', maxLength: 200 }), (key, text) => {
        expect(hmac(key, text)).toEqual(createHmac('sha256', key).update(text).digest());
      }),
    );
  });
});
