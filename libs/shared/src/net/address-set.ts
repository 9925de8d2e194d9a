import { BlockList, isIP } from 'node:net';

const NAMED: Readonly<Record<string, readonly string[]>> = { loopback: ['127.0.0.0/8', '::1'] };

/** The largest private networks: 10.0.0.0/8 and fc00::/7. */
const LEAST_PREFIX = { ipv4: 8, ipv6: 7 } as const;

/**
 * IP addresses and networks in CIDR notation, or the word `loopback`. An IPv4 address written as IPv6
 * (`::ffff:10.0.0.1`) is the IPv4 address.
 */
export class AddressSet {
  private readonly list = new BlockList();

  /** @throws Error for an entry that `isEntry` refuses */
  constructor(readonly entries: readonly string[] = []) {
    for (const entry of entries.flatMap(name => NAMED[name] ?? [name])) {
      this.add(entry);
    }
  }

  static isEntry(text: string): boolean {
    const [address = '', prefix, more] = text.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    return Object.hasOwn(NAMED, text) || (isIP(address) !== 0 && isPrefix && more === undefined);
  }

  /** An entry that is larger than any private network, so that it takes in strangers. */
  get tooLarge(): string | undefined {
    return this.entries.find(entry => {
      const [address = '', prefix] = entry.split('/');
      return prefix !== undefined && Number(prefix) < LEAST_PREFIX[familyOf(address)];
    });
  }

  /** False for what is no IP address. */
  has(address: string): boolean {
    const plain = withoutZone(address);
    return isIP(plain) !== 0 && this.list.check(plain, familyOf(plain));
  }

  /** As configured. */
  toString(): string {
    return this.entries.join(',');
  }

  private add(entry: string): void {
    if (!AddressSet.isEntry(entry)) {
      throw new Error(`'${entry}' is neither an IP address nor a network.`);
    }
    const [address = '', prefix] = entry.split('/');
    if (prefix === undefined) {
      this.list.addAddress(address, familyOf(address));
    } else {
      this.list.addSubnet(address, Number(prefix), familyOf(address));
    }
  }
}

/** `fe80::1%eth0` names an interface of this machine behind the address. */
function withoutZone(address: string): string {
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
