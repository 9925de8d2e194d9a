import { AddressRanges, parseRange } from './address-range.js';

describe('an address range', () => {
  it.each(['192.0.2.0/24', '192.0.2.7', '0.0.0.0/0', '2001:db8::/32', '::1', '::/0', '::ffff:192.0.2.1'])(
    'may be %s',
    text => {
      expect(parseRange(text)).not.toBeNull();
    },
  );

  it.each([
    '',
    '192.0.2.0/33',
    '192.0.2/24',
    '2001:db8::/129',
    'localhost',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '1.2.3.4 ',
    '/8',
  ])('is not %j', text => {
    expect(parseRange(text)).toBeNull();
  });

  it('includes the addresses of its network, in every spelling', () => {
    const ranges = new AddressRanges(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32', 'fe80::/10']);

    for (const inside of [
      '192.0.2.0',
      '192.0.2.255',
      '::ffff:192.0.2.9',
      '198.51.100.7',
      '2001:db8:ffff::1',
      '2001:0DB8:0:0:0:0:0:1',
      'fe80::1%eth0',
    ]) {
      expect([inside, ranges.includes(inside)]).toEqual([inside, true]);
    }
    for (const outside of ['192.0.3.0', '198.51.100.8', '2001:db9::1', '::1', '', 'nonsense', '%']) {
      expect([outside, ranges.includes(outside)]).toEqual([outside, false]);
    }
  });
});
