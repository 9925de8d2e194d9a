import { isPublicAddress } from './public-address.js';

describe('a public address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    'is %s',
    address => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine, elsewhere', '127.255.0.3'],
    ['no address', '0.0.0.0'],
    ['a private one', '10.0.0.1'],
    ['a private one', '172.16.0.1'],
    ['a private one', '172.31.255.255'],
    ['a private one', '192.168.1.1'],
    ['a neighbour', '169.254.1.1'],
    ['the metadata of AWS, Azure, Google', '169.254.169.254'],
    ['the tasks of AWS', '169.254.170.2'],
    ['the metadata of Alibaba', '100.100.100.200'],
    ['the metadata of Oracle', '192.0.0.192'],
    ['the wire server of Azure', '168.63.129.16'],
    ['a carrier’s', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['documentation', '203.0.113.1'],
    ['this machine in IPv6', '::1'],
    ['none in IPv6', '::'],
    ['a neighbour in IPv6', 'fe80::1'],
    ['a neighbour with its interface', 'fe80::1%eth0'],
    ['a private one in IPv6', 'fd12:3456::1'],
    ['the metadata of AWS in IPv6', 'fd00:ec2::254'],
    ['a site-local one', 'fec0::1'],
    ['multicast in IPv6', 'ff02::1'],
    ['an IPv4 address in IPv6', '::ffff:127.0.0.1'],
    ['the same in hex', '::ffff:7f00:1'],
    ['a public one in IPv6', '::ffff:8.8.8.8'],
    ['the old form of it', '::127.0.0.1'],
    ['a translated one', '64:ff9b::7f00:1'],
    ['a local translation', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['documentation in IPv6', '2001:db8::1'],
  ])('is not %s (%s)', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
