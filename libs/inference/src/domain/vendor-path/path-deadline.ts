import { readTimeout } from '@app/routing';
import { type Call, InvalidRequestError, ROUTING_HEADERS, UpstreamTimeoutError } from '@app/shared';

/** What would choose a model or a vendor, or ask again: the path has named the vendor, and its body is not kept. */
const CHOICES = ['models', 'provider', 'maxAttempts'] as const;

/** @throws InvalidRequestError (400) naming a header that cannot be obeyed where the caller names the vendor's own path */
export function refuseChoices({ routing }: Pick<Call, 'routing'>): void {
  const choice = CHOICES.find(name => routing?.[name] !== undefined);
  if (choice) {
    const header = ROUTING_HEADERS[choice];
    throw new InvalidRequestError(
      `The header '${header}' means nothing on the paths of a vendor: a request goes there once. Leave it out, or use the endpoints below /v1.`,
      header,
    );
  }
}

/** The call's own signal, or one that breaks off at its deadline, too. */
export class PathDeadline {
  readonly signal: AbortSignal;
  private readonly timer: NodeJS.Timeout | null = null;

  /** @throws InvalidRequestError (400) for a deadline that cannot be read */
  constructor({ routing, signal }: Pick<Call, 'routing' | 'signal'>, vendor: string) {
    const timeoutMs = routing && readTimeout(routing);
    if (timeoutMs === null) {
      this.signal = signal;
      return;
    }
    const late = new AbortController();
    this.timer = setTimeout(() => late.abort(new UpstreamTimeoutError(vendor, timeoutMs)), timeoutMs);
    this.signal = AbortSignal.any([signal, late.signal]);
  }

  /** The answer has ended. */
  end(): void {
    clearTimeout(this.timer ?? undefined);
  }
}
