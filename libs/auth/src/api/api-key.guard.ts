import { randomUUIDv7 } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, type AccessLevel, callerAddress, Clock, Config, type ProjectRequest } from '@app/shared';
import { Admission } from '../domain/admission.js';
import { MissingApiKeyError } from '../domain/auth.errors.js';
import type { Caller } from '../domain/key-access.js';
import { presentedKey } from './presented-key.js';
import { signalOf } from './signal-of.js';

interface Visit {
  readonly request: ProjectRequest;
  readonly response: ServerResponse;
  readonly receivedAt: number;
  readonly startedAt: number;
}

/** Global: every route needs a project key unless `@Access` says otherwise. The only place that opens a `Call`. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly admission: Admission,
    private readonly clock: Clock,
    private readonly config: Config,
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
    return access === 'public' || this.admitAdmin(request);
  }

  /**
   * Opens the call of a request with a project's key. The answer's own head must carry the id: a header set before
   * makes Node write heads the slow way.
   */
  admitProject(request: ProjectRequest, response: ServerResponse): boolean | Promise<boolean> {
    request.id = randomUUIDv7();
    const visit: Visit = { request, response, receivedAt: this.clock.now(), startedAt: this.clock.ticks() };
    const presented = presentedKey(request.headers, request.url);
    if (!presented) {
      throw new MissingApiKeyError();
    }
    const caller = this.admission.peek(presented);
    return caller ? this.open(visit, caller) : this.resolve(visit, presented);
  }

  private accessTo(context: ExecutionContext): AccessLevel {
    const declared: AccessLevel | undefined = this.reflector.getAllAndOverride(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    return declared ?? 'project';
  }

  private async resolve(visit: Visit, presented: string): Promise<boolean> {
    return this.open(visit, await this.admission.admit(presented, this.addressOf(visit.request)));
  }

  private open({ request, response, receivedAt, startedAt }: Visit, { project, apiKey }: Caller): true {
    request.call = {
      id: request.id,
      projectId: project.id,
      keyId: apiKey.id,
      receivedAt,
      startedAt,
      strict: project.strict || request.headers['x-llmhub-strict'] === 'true',
      annotate: project.annotate,
      fileLimitBytes: project.fileLimitBytes ?? this.config.fileLimitBytes,
      signal: signalOf(response),
    };
    return true;
  }

  /** An admin key is not taken from a URL: those end up in histories and proxy logs. */
  private async admitAdmin(request: ProjectRequest): Promise<boolean> {
    const presented = presentedKey(request.headers);
    if (!presented) {
      throw new MissingApiKeyError('admin');
    }
    await this.admission.admitAdmin(presented, this.addressOf(request));
    return true;
  }

  private addressOf(request: ProjectRequest): string {
    return callerAddress(request, this.config.trustedProxies);
  }
}
