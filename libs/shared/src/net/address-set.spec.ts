import { AddressSet } from './address-set.js';

describe('AddressSet', () => {
  const set = new AddressSet(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', 'loopback']);

  it.each(['10.0.0.0', '10.255.255.255', '192.0.2.7', '2001:db8:ffff::1', '127.0.0.1', '127.9.9.9', '::1'])(
    'has %s',
    address => {
      expect(set.has(address)).toBe(true);
    },
  );

  it.each([
    '11.0.0.0',
    '192.0.2.8',
    '2001:db9::1',
    '::2',
    '',
    'loopback',
    'example.com',
    '10.0.0',
    '1.2.3.4.5',
  ])('has not %s', address => {
    expect(set.has(address)).toBe(false);
  });

  it('takes an IPv4 address in the clothes of IPv6 for what it is', () => {
    expect(set.has('::ffff:10.1.2.3')).toBe(true);
    expect(set.has('::ffff:a01:203')).toBe(true);
    expect(set.has('::ffff:11.1.2.3')).toBe(false);
  });

  it('does not mind an interface', () => {
    expect(new AddressSet(['fe80::/10']).has('fe80::1%eth0')).toBe(true);
  });

  it.each([
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'example.com',
    '',
    '10.0.0/8',
  ])('is not made of %j', entry => {
    expect(AddressSet.isEntry(entry)).toBe(false);
    expect(() => new AddressSet([entry])).toThrow('neither an IP address nor a network');
  });
});
