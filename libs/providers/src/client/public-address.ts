import { AddressSet } from '@app/shared';

/** What IANA's registries of special addresses keep from the public internet (RFC 6890 and its successors). */
const SPECIAL = new AddressSet([
  '0.0.0.0/8',
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT; Alibaba Cloud's metadata service
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's services for its own machines
  '169.254.0.0/16', // link-local; the metadata services of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24', // relays from IPv6
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and the broadcast address
  '2001::/23', // Teredo and other tunnels, which hold an IPv4 address
  '2001:db8::/32',
  '2002::/16', // 6to4: holds an IPv4 address
  '3fff::/20',
]);

/** All that IANA has given out of IPv6: no private, link-local, multicast, mapped or translated address is in it. */
const GLOBAL_IPV6 = new AddressSet(['2000::/3']);

/** Whether anybody on the internet could reach it, so that reaching it from here tells nobody a secret. */
export function isPublicAddress(address: string): boolean {
  return !SPECIAL.has(address) && (!address.includes(':') || GLOBAL_IPV6.has(address));
}
