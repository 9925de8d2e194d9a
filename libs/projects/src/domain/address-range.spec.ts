import { isAddressRange } from './address-range.js';

describe('an address range', () => {
  it.each(['192.0.2.0/24', '192.0.2.7', '0.0.0.0/0', '2001:db8::/32', '::1', '::/0', '::ffff:192.0.2.1'])(
    'may be %s',
    text => {
      expect(isAddressRange(text)).toBe(true);
    },
  );

  it.each([
    '',
    '192.0.2.0/33',
    '192.0.2/24',
    '2001:db8::/129',
    'localhost',
    'loopback',
    'fe80::1%eth0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '1.2.3.4 ',
    '/8',
  ])('is not %j', text => {
    expect(isAddressRange(text)).toBe(false);
  });
});
