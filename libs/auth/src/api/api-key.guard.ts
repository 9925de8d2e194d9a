import { randomUUIDv7 } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isClientSecret } from '@app/projects';
import {
  ACCESS,
  type AccessLevel,
  type AdminLevel,
  type AdminRequest,
  Clock,
  includesRole,
  type ProjectRequest,
  roleFor,
} from '@app/shared';
import { Admission } from '../domain/admission.js';
import {
  KeyInUrlError,
  MissingApiKeyError,
  RoleRequiredError,
  SessionKeyOnlyError,
} from '../domain/auth.errors.js';
import { AdminDoor } from './admin-door.js';
import { CallOpener, type Visit } from './call-opener.js';
import { hasKeyInUrl, presentedKey } from './presented-key.js';

/** Global: every route needs a project key unless `@Access` says otherwise. The only place that opens a `Call`. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(
    private readonly admission: Admission,
    private readonly calls: CallOpener,
    private readonly adminDoor: AdminDoor,
    private readonly clock: Clock,
  ) {}

  /** Answers at once when the key was verified within the last second. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<ProjectRequest>();
    const response = http.getResponse<ServerResponse>();
    const access = this.accessTo(context);
    if (access === 'project') {
      return this.admitProject(request, response);
    }
    request.id = randomUUIDv7();
    response.setHeader('x-request-id', request.id);
    return access === 'public' || this.admitAdmin(request, access);
  }

  /**
   * Opens the call of a request with a project's key. The answer's own head must carry the id: a header set before
   * makes Node write heads the slow way.
   */
  admitProject(request: ProjectRequest, response: ServerResponse): boolean | Promise<boolean> {
    if (request.call) {
      return true; // let in already: the gateway made this request itself
    }
    return this.admitKey(this.visitOf(request, response), presentedKey(request.headers, request.url));
  }

  /**
   * The same for a request that opens a realtime session, which an ephemeral key may, too. A key is not taken from its URL:
   * those end up in the logs of proxies.
   */
  async admitSession(request: ProjectRequest, response: ServerResponse): Promise<boolean> {
    const visit = this.visitOf(request, response);
    const presented = presentedKey(request.headers);
    if (!presented && hasKeyInUrl(request.url)) {
      throw new KeyInUrlError();
    }
    return this.openSession(visit, presented);
  }

  /** The same for Google's clients, which know no other place for it. */
  async admitGoogleSession(request: ProjectRequest, response: ServerResponse): Promise<boolean> {
    return this.openSession(this.visitOf(request, response), presentedKey(request.headers, request.url));
  }

  private async openSession(visit: Visit, presented: string | undefined): Promise<boolean> {
    if (presented === undefined || !isClientSecret(presented)) {
      return this.admitKey(visit, presented);
    }
    const address = this.calls.addressOf(visit.request);
    return this.calls.open(visit, await this.admission.admitClientSecret(presented, address));
  }

  private admitKey(visit: Visit, presented: string | undefined): boolean | Promise<boolean> {
    if (!presented) {
      throw new MissingApiKeyError();
    }
    const caller = this.admission.peek(presented);
    return caller ? this.calls.open(visit, caller) : this.resolve(visit, presented);
  }

  private visitOf(request: ProjectRequest, response: ServerResponse): Visit {
    request.id = randomUUIDv7();
    return { request, response, receivedAt: this.clock.now(), startedAt: this.clock.ticks() };
  }

  private accessTo(context: ExecutionContext): AccessLevel {
    const declared: AccessLevel | undefined = this.reflector.getAllAndOverride(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    return declared ?? 'project';
  }

  private async resolve(visit: Visit, presented: string): Promise<boolean> {
    if (isClientSecret(presented)) {
      throw new SessionKeyOnlyError();
    }
    return this.calls.open(visit, await this.admission.admit(presented, this.calls.addressOf(visit.request)));
  }

  private async admitAdmin(request: AdminRequest, level: AdminLevel): Promise<boolean> {
    const author = await this.adminDoor.admit(request);
    const needed = roleFor(level, request.method);
    if (!includesRole(author.role, needed)) {
      throw new RoleRequiredError(needed, author.role);
    }
    request.author = author;
    return true;
  }
}
