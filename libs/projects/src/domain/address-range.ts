import { BlockList, isIP } from 'node:net';
import { ValidateBy, type ValidationOptions } from 'class-validator';

export interface AddressRange {
  readonly address: string;
  /** Leading bits that count. */
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; null when it is none of them. */
export function parseRange(text: string): AddressRange | null {
  const [, address = '', bits] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const width = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : Number(bits);
  if (version === 0 || prefix > width) {
    return null;
  }
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Addresses in any of the ranges; IPv4 ones also in their IPv6 spelling `::ffff:192.0.2.1`. */
export class AddressRanges {
  private readonly list = new BlockList();

  constructor(texts: readonly string[]) {
    for (const range of texts.map(parseRange)) {
      if (range) {
        this.list.addSubnet(range.address, range.prefix, range.family);
      }
    }
  }

  includes(address: string): boolean {
    const zone = address.indexOf('%');
    const plain = zone < 0 ? address : address.slice(0, zone);
    const version = isIP(plain);
    return version !== 0 && this.list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** Validates a field: an address, or a range of them in CIDR notation. */
export function IsAddressRange(options: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isAddressRange',
      validator: { validate: (value: unknown) => typeof value === 'string' && parseRange(value) !== null },
    },
    options,
  );
}
