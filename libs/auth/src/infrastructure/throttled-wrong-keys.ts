import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { WrongKeys } from '../domain/wrong-keys.js';

const WINDOW_MS = 60_000;
const ALLOWED = 20;

/** At most 20 within any minute, in the throttler's storage. */
@Injectable()
export class ThrottledWrongKeys extends WrongKeys {
  constructor(private readonly storage: ThrottlerStorageService) {
    super();
  }

  /** The storage can only count; what lasts no time counts for nothing. */
  waitOf(address: string): Promise<number> {
    return this.count(address, 0);
  }

  record(address: string): Promise<number> {
    return this.count(address, WINDOW_MS);
  }

  private async count(address: string, lastsMs: number): Promise<number> {
    const count = await this.storage.increment(networkOf(address), lastsMs, ALLOWED, 0, 'wrong-keys');
    return count.isBlocked ? count.timeToBlockExpire * 1000 : 0;
  }
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!isIPv6(address)) {
    return address;
  }
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? Array<string>(8 - left.length - right.length).fill('0') : [];
  const groups = [...left, ...zeros, ...right].map(group => Number.parseInt(group || '0', 16).toString(16));
  return groups.slice(0, 4).join(':');
}
