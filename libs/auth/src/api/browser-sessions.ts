import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type AdminIdentity, AdminSessions, SESSION_MS } from '@app/projects';
import { type Author, Config } from '@app/shared';
import { CrossOriginError, MissingApiKeyError, SessionOverError } from '../domain/auth.errors.js';
import { isSameOrigin } from './same-origin.js';

/** Sessions in cookies, which scripts do not see, and which no request of another site brings along. */
@Injectable()
export class BrowserSessions {
  private readonly name: string;
  private readonly attributes: string;

  constructor(
    { isTls, isProduction }: Config,
    private readonly sessions: AdminSessions,
  ) {
    const isSecure = isTls || isProduction; // production stands behind a proxy where it does not speak TLS itself
    // With the prefix no other host, and nobody on a line without TLS, can put a cookie of their own in its place.
    this.name = isSecure ? '__Host-llmhub-session' : 'llmhub-session';
    this.attributes = `; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  }

  /**
   * Who is logged in.
   *
   * @throws MissingApiKeyError, SessionOverError (401)
   * @throws CrossOriginError (403) for a change that no page of the gateway asks for
   * @throws StoreUnavailableError (503)
   */
  async admit(request: IncomingMessage): Promise<AdminIdentity> {
    const token = this.tokenIn(request.headers);
    if (token === undefined) {
      throw new MissingApiKeyError('admin');
    }
    if (!isReading(request) && !isSameOrigin(request.headers)) {
      throw new CrossOriginError();
    }
    const admin = await this.sessions.identify(token);
    if (!admin) {
      throw new SessionOverError();
    }
    return admin;
  }

  /** `Set-Cookie` of a new session. */
  async open(by: Author, key: string): Promise<string> {
    return `${this.name}=${await this.sessions.open(by, key)}; Max-Age=${SESSION_MS / 1000}${this.attributes}`;
  }

  /** `Set-Cookie` that makes the browser forget it. */
  async close(by: Author): Promise<string> {
    await this.sessions.close(by);
    return `${this.name}=; Max-Age=0${this.attributes}`;
  }

  private tokenIn({ cookie = '' }: IncomingHttpHeaders): string | undefined {
    const start = `${this.name}=`;
    const found = cookie.split(';').find(pair => pair.trimStart().startsWith(start));
    return found?.trim().slice(start.length) || undefined;
  }
}

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
