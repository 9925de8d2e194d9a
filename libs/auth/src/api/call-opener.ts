import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Limited, RequestLimits, TokenLimits, withGuess } from '@app/limits';
import { KeyUse, type Project } from '@app/projects';
import {
  type Call,
  cacheUse,
  callDeadline,
  callLabels,
  callerAddress,
  Config,
  historyWindow,
  InvalidRequestError,
  type ProjectRequest,
  type Quota,
  type TokenAllowance,
  routingHeaders,
  STRICT_HEADER,
  traceOf,
} from '@app/shared';
import type { Caller } from '../domain/key-access.js';
import { signalOf } from './signal-of.js';

/** A request that presents a project's key. */
export interface Visit {
  readonly request: ProjectRequest;
  readonly response: ServerResponse;
  /** Unix ms. */
  readonly receivedAt: number;
  /** Monotonic ms. */
  readonly startedAt: number;
}

/** Opens the call of a caller whose key works, if its scope and the limits of project and key let it in. */
@Injectable()
export class CallOpener {
  private readonly isTraced: boolean;

  constructor(
    private readonly limits: RequestLimits,
    private readonly tokenLimits: TokenLimits,
    private readonly keyUse: KeyUse,
    private readonly config: Config,
  ) {
    this.isTraced = config.collector?.tracesUrl !== undefined;
  }

  /**
   * A promise only where the limits have to ask for leave.
   *
   * @throws InvalidRequestError (400) for a mode that there is not, or a header of ours that is unknown, or cannot be read
   * @throws OutsideScopeError (403)
   * @throws RequestLimitError, ConcurrencyLimitError (429)
   * @throws LimitsUnavailableError (503)
   */
  open(visit: Visit, { project, apiKey, permission, liveConfig }: Caller): true | Promise<true> {
    const { request, response, receivedAt, startedAt } = visit;
    permission?.assertRequest(request.url, this.addressOf(request));
    const strict = project.strict || asksStrictly(request);
    const routing = routingHeaders(request.headers);
    const cache = cacheUse(project, request.headers);
    const history = historyWindow(request.headers);
    const deadlineMs = callDeadline(request.headers);
    const labels = callLabels(request.headers);
    const stay = isLimited(project) || isLimited(apiKey) ? new Stay() : null;
    const quota = stay && this.enter(visit, { project, apiKey }, stay);
    const { bodyLimitBytes, fileLimitBytes } = this.config;
    const call: Call = {
      id: request.id,
      projectId: project.id,
      keyId: apiKey.id,
      receivedAt,
      startedAt,
      strict,
      annotate: project.annotate,
      bodyLimitBytes: Math.min(project.bodyLimitBytes ?? bodyLimitBytes, bodyLimitBytes),
      fileLimitBytes: Math.min(project.fileLimitBytes ?? fileLimitBytes, apiKey.fileLimitBytes ?? Infinity),
      defaultChatModel: project.defaultChatModel,
      defaultTranscriptionModel: project.defaultTranscriptionModel,
      permission: permission?.route ?? null,
      routing,
      cache,
      quota: quota instanceof Promise ? null : quota,
      tokens: hasTokenLimit(project) || hasTokenLimit(apiKey) ? this.tokensOf({ project, apiKey }) : null,
      signal: signalOf(response),
      ...((hasRequestLimit(project) || hasRequestLimit(apiKey)) && {
        countRequest: this.counting({ project, apiKey }),
      }),
      ...(stay && { staysFor: stay.for }),
      ...(history && { history }),
      ...keptOfSpeech(project, request.headers),
      ...(project.retentionResponseDays !== null && { responseDays: project.retentionResponseDays }),
      ...(deadlineMs && { deadlineMs }),
      ...(labels && { labels }),
      ...(liveConfig && { liveConfig }),
      ...(this.isTraced && { trace: traceOf(request) }),
      ...(project.promptPasses.length > 0 && { promptPasses: project.promptPasses }),
    };
    return quota instanceof Promise ? this.beginWhenIn(request, call, quota) : this.begin(request, call);
  }

  /** Where a request comes from, behind the trusted proxies. */
  addressOf(request: ProjectRequest): string {
    return callerAddress(request, this.config.trustedProxies);
  }

  private begin(request: ProjectRequest, call: Call): true {
    this.keyUse.note(call.keyId);
    request.call = call;
    return true;
  }

  private async beginWhenIn(
    request: ProjectRequest,
    call: Call,
    entering: Promise<Quota | null>,
  ): Promise<true> {
    return this.begin(request, { ...call, quota: await entering });
  }

  private enter(
    { request: { id }, response }: Visit,
    caller: Pick<Caller, 'project' | 'apiKey'>,
    stay: Stay,
  ): Quota | null | Promise<Quota | null> {
    const limited = limitedOf(caller);
    const leave = (): void => this.limits.leave(id, limited);
    const quota = this.limits.enter(id, limited);
    if (quota instanceof Promise) {
      return quota.then(found => {
        stay.endWith(response, leave);
        return found;
      });
    }
    stay.endWith(response, leave);
    return quota;
  }

  private counting(caller: Pick<Caller, 'project' | 'apiKey'>): NonNullable<Call['countRequest']> {
    const limited = limitedOf(caller);
    return async () => void (await this.limits.count(limited));
  }

  private tokensOf(caller: Pick<Caller, 'project' | 'apiKey'>): TokenAllowance {
    const limited = limitedOf(caller);
    return { hold: (tokens, guess) => this.tokenLimits.hold(limited, withGuess(limited, tokens, guess)) };
  }
}

/** How long a call counts as open: until its answer is over, one way or another, and what goes on behind it. */
class Stay {
  private work: Promise<unknown> | null = null;
  readonly for = (work: Promise<unknown>): void => {
    this.work = work;
  };

  endWith(response: ServerResponse, leave: () => void): void {
    const close = (): void => (this.work ? void this.work.finally(leave) : leave());
    if (response.closed) {
      leave(); // it left while the key was looked up, or the limits were asked
    } else {
      response.once('close', close);
    }
  }
}

/** Whoever asks to lose nothing is not to lose it by a slip of the pen. */
function asksStrictly({ headers }: ProjectRequest): boolean {
  const mode = headers[STRICT_HEADER];
  if (mode === undefined || mode === 'true' || mode === 'false') {
    return mode === 'true';
  }
  throw new InvalidRequestError(`'${STRICT_HEADER}' must be true or false.`, STRICT_HEADER);
}

/** Answers are kept of all transcriptions, or of none, whatever is kept of others. */
function keptOfSpeech(
  project: Project,
  headers: IncomingHttpHeaders,
): Pick<Call, 'transcriptionCache' | 'transcriptionHistory'> {
  const { transcriptionCache, transcriptionHistoryDays: days, transcriptionHistoryText: text } = project;
  const use = transcriptionCache ? cacheUse({ ...project, cache: 'all' }, headers) : null;
  return {
    ...(use && { transcriptionCache: use }),
    ...(days !== null && { transcriptionHistory: { days, text } }),
  };
}

type CallLimits = Omit<Limited, 'whose'>;

function isLimited({ requestsPerMinute, concurrentCalls }: CallLimits): boolean {
  return requestsPerMinute !== null || concurrentCalls !== null;
}

function hasRequestLimit({ requestsPerMinute }: CallLimits): boolean {
  return requestsPerMinute !== null;
}

function hasTokenLimit({ tokensPerMinute }: CallLimits): boolean {
  return tokensPerMinute !== null;
}

function limitedOf({ project, apiKey }: Pick<Caller, 'project' | 'apiKey'>): readonly Limited[] {
  return [
    { ...limitsOf(project), whose: 'The project' },
    { ...limitsOf(apiKey), whose: 'The API key' },
  ];
}

function limitsOf({ id, requestsPerMinute, concurrentCalls, tokensPerMinute }: CallLimits): CallLimits {
  return { id, requestsPerMinute, concurrentCalls, tokensPerMinute };
}
