import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import type { AddressSet } from '../net/address-set.js';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const MAPPED_IN_HEX = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/;

/**
 * The address that a request comes from: of the connection or, while that is a trusted proxy, what the proxy says in
 * the last entry of `X-Forwarded-For`, and so on from right to left. What stands left of the first untrusted address was
 * written by strangers and is ignored. The only source of a caller's address.
 */
export function callerAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trustedProxies: AddressSet,
): string {
  let address = plain(socket.remoteAddress ?? '');
  const hops = String(headers['x-forwarded-for'] ?? '').split(',');
  while (trustedProxies.has(address)) {
    const next = plain(hops.pop()?.trim() ?? '');
    if (isIP(next) === 0) {
      break; // the proxy told nothing, or no address
    }
    address = next;
  }
  return address;
}

/** Without a port, which some proxies add; an IPv4 address as itself, however it is written. */
function plain(text: string): string {
  const [, bracketed, bare] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? bare ?? text;
  return MAPPED_IPV4.exec(address)?.[1] ?? (isIPv6(address) ? unmapped(address) : address);
}

/** `0:0:0:0:0:ffff:cb00:7105` is 203.0.113.5. */
function unmapped(address: string): string {
  const url = `http://[${address}]/`; // a URL writes each address in one way only
  const [, high, low] = (URL.canParse(url) && MAPPED_IN_HEX.exec(new URL(url).hostname)) || [];
  if (high === undefined || low === undefined) {
    return address;
  }
  const halves = [high, low].map(half => Number.parseInt(half, 16));
  return halves.flatMap(half => [half >> 8, half & 255]).join('.');
}
