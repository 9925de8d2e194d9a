import { randomUUIDv7 } from 'node:crypto';
import { StaleVersionError } from '../errors/stale-version.error.js';
import { versionOf } from './entity-tag.js';
import type { Role } from './access.decorator.js';

/** Who changes something, from where and when. Every change has one, and leaves it in the audit trail. */
export interface Author {
  /** Id of the admin user; `configured`, `command-line` and `gateway` are not stored ones. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The key, masked; null when none was needed. */
  readonly key: string | null;
  /** Where the request came from; null for the gateway itself. */
  readonly address: string | null;
  readonly requestId: string;
  /** Unix ms: the moment of everything that is changed. */
  readonly at: number;
  /** `If-Match`: tags of the versions that the author has seen; absent when any will do. */
  readonly seen?: readonly string[];
}

/** Somebody without a key: the gateway itself, or whoever sits at its command line. */
export function localAuthor(name: 'gateway' | 'command-line', at: number): Author {
  return { id: name, name, role: 'owner', key: null, address: null, requestId: randomUUIDv7(), at };
}

/** @throws StaleVersionError (412) when the author has seen another version than the one to be changed */
export function assertSeen({ seen }: Author, { version }: { readonly version: number }): void {
  if (seen && !seen.some(tag => versionOf(tag) === version)) {
    throw new StaleVersionError();
  }
}
