import { Injectable } from '@nestjs/common';
import { Clock, InvalidRequestError, type LiveConfig, Secrets } from '@app/shared';

const PREFIX = 'ek_';
/** Bound into the seal: nothing else that the gateway has sealed passes for one. */
const PURPOSE = 'realtime-client-secret';
/** It travels in a header, or in an address. */
const MOST_CHARACTERS = 8192;

const ENVELOPE = /^v1\.[^.]+\.([\w-]+)$/;

/** What an ephemeral key is good for. */
export interface ClientSecret {
  /** Of the key that made it. */
  readonly projectId: string;
  readonly keyId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly config: LiveConfig;
}

/** Whether a key is one that opens nothing but realtime sessions; of whomever, and good or not. */
export function isClientSecret(presented: string): boolean {
  return presented.startsWith(PREFIX);
}

/**
 * The ephemeral keys of browsers, `ek_…`. All that there is to know of one is in itself, sealed: any gateway with the
 * same encryption keys opens it, and none keeps it.
 */
@Injectable()
export class ClientSecrets {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidRequestError (400) when it would become too long for a header */
  seal(secret: ClientSecret): string {
    const sealed = PREFIX + this.secrets.encrypt(JSON.stringify(secret), PURPOSE);
    if (sealed.length > MOST_CHARACTERS) {
      throw new InvalidRequestError(
        `An ephemeral key holds its session, and has at most ${MOST_CHARACTERS} characters; this one would have ` +
          `${sealed.length}. Say the longer parts in a session.update.`,
        'session',
        'session_too_large',
      );
    }
    return sealed;
  }

  /** Null when no gateway with these encryption keys made it. It may have expired. */
  open(presented: string): ClientSecret | null {
    const envelope = presented.slice(PREFIX.length);
    if (!isClientSecret(presented) || presented.length > MOST_CHARACTERS || !isExact(envelope)) {
      return null;
    }
    try {
      return JSON.parse(this.secrets.decrypt(envelope, PURPOSE)) as ClientSecret;
    } catch {
      return null; // forged, altered, cut, or sealed with a key that has left the ring
    }
  }

  isExpired({ expiresAt }: ClientSecret): boolean {
    return this.clock.now() >= expiresAt * 1000;
  }
}

/** There is one way to write a key: what base64 overlooks, behind it or in its last bits, makes it another one. */
function isExact(envelope: string): boolean {
  const payload = ENVELOPE.exec(envelope)?.[1];
  return payload !== undefined && Buffer.from(payload, 'base64url').toString('base64url') === payload;
}
