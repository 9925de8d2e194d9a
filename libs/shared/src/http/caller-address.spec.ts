import type { Socket } from 'node:net';
import { AddressSet } from '../net/address-set.js';
import { callerAddress } from './caller-address.js';

const PROXIES = new AddressSet(['10.0.0.0/8', '2001:db8::1']);

function from(remoteAddress: string | undefined, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return callerAddress({ socket: { remoteAddress } as Socket, headers }, PROXIES);
}

describe('the address of a caller', () => {
  it('is the one of its connection, whatever it says itself', () => {
    expect(from('203.0.113.5')).toBe('203.0.113.5');
    expect(from('203.0.113.5', '198.51.100.1')).toBe('203.0.113.5');
    expect(from('::ffff:203.0.113.5', '198.51.100.1')).toBe('203.0.113.5');
  });

  it.each(['::ffff:cb00:7105', '::FFFF:203.0.113.5', '0:0:0:0:0:ffff:cb00:7105', '[::ffff:cb00:7105]:4711'])(
    'is the IPv4 address that %s stands for',
    address => {
      expect(from('10.0.0.1', address)).toBe('203.0.113.5');
    },
  );

  it('is no IPv4 address where it only looks like one', () => {
    expect(from('10.0.0.1', '::cb00:7105')).toBe('::cb00:7105');
    expect(from('10.0.0.1', '64:ff9b::cb00:7105')).toBe('64:ff9b::cb00:7105');
    expect(from('fe80::1%eth0')).toBe('fe80::1%eth0');
  });

  it('is what a trusted proxy says, and that of the next one behind it', () => {
    expect(from('10.0.0.1', '203.0.113.5')).toBe('203.0.113.5');
    expect(from('::ffff:10.0.0.1', '203.0.113.5')).toBe('203.0.113.5');
    expect(from('10.0.0.1', '203.0.113.5, 10.0.0.2')).toBe('203.0.113.5');
    expect(from('2001:db8::1', '2001:db8::77,10.0.0.2')).toBe('2001:db8::77');
  });

  it('is not what a stranger wrote in front', () => {
    expect(from('10.0.0.1', '198.51.100.1, 203.0.113.5')).toBe('203.0.113.5');
    expect(from('10.0.0.1', '10.9.9.9, 198.51.100.1, 203.0.113.5, 10.0.0.2')).toBe('203.0.113.5');
    expect(from('10.0.0.1', `${'x'.repeat(1000)},203.0.113.5`)).toBe('203.0.113.5');
  });

  it('is the nearest known one when the proxy says nothing of use', () => {
    expect(from('10.0.0.1')).toBe('10.0.0.1');
    expect(from('10.0.0.1', '')).toBe('10.0.0.1');
    expect(from('10.0.0.1', 'unknown')).toBe('10.0.0.1');
    expect(from('10.0.0.1', '203.0.113.5, _hidden, 10.0.0.2')).toBe('10.0.0.2');
    expect(from('10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3');
    expect(from(undefined)).toBe('');
  });

  it('has no port', () => {
    expect(from('10.0.0.1', '203.0.113.5:4711')).toBe('203.0.113.5');
    expect(from('10.0.0.1', '[2001:db8::5]:4711')).toBe('2001:db8::5');
    expect(from('10.0.0.1', '[2001:db8::5]')).toBe('2001:db8::5');
  });
});
