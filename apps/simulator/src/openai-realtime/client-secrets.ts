import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../json.js';

/** A key for browsers: it opens sessions as they were described, and for a short time. */
export interface ClientSecret {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** What the sessions are to begin with. */
  readonly session: JsonObject;
}

const MOST_SECRETS = 10_000;

export class ClientSecrets {
  private readonly secrets = new Map<string, ClientSecret>();

  constructor(private readonly now: () => number = Date.now) {}

  issue(session: JsonObject, lifeMs: number): ClientSecret {
    const value = `ek_${randomBytes(16).toString('hex')}`;
    const secret = { value, expiresAt: this.now() + lifeMs, session };
    this.secrets.set(value, secret);
    if (this.secrets.size > MOST_SECRETS) {
      this.secrets.delete(this.secrets.keys().next().value ?? '');
    }
    return secret;
  }

  /** Undefined when it was never issued, or has expired. */
  find(value: string): ClientSecret | undefined {
    const secret = this.secrets.get(value);
    if (secret && secret.expiresAt <= this.now()) {
      this.secrets.delete(value);
      return undefined;
    }
    return secret;
  }

  clear(): void {
    this.secrets.clear();
  }
}
