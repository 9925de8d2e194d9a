import type { Outcome } from '@app/analytics';
import type { LiveDialect } from '@app/dialects';
import type { OpenStream } from '@app/inference';
import type { SocketMessage } from '@app/providers';
import { GatewayError, InternalError } from '@app/shared';
import { WebSocket } from 'ws';
import type { OpenedSocket } from './caller-socket.js';
import { CLOSES, hangUp, isInOrder } from './closes.js';
import { Heartbeat } from './heartbeat.js';
import { MOST_WAITING_BYTES } from './relay.js';
import { MessageTooLargeError, NoJsonMessageError, SessionExpiredError } from './realtime.errors.js';

export interface SessionEnd {
  readonly outcome: Outcome;
  readonly errorCode: string | null;
  /** What broke it off at the vendor; null: nothing did. */
  readonly cut: GatewayError | null;
  /** Why the gateway ended it; absent: it did not. */
  readonly stop?: GatewayError;
}

export interface CallerParts {
  /** The caller's protocol. */
  readonly dialect: LiveDialect;
  readonly messageLimitBytes: number;
  readonly limitMs: number;
}

/** One session as its caller has it, whatever is at the other end: what is refused, what it is told, and how it ends. */
export abstract class CallerSession<Parts extends CallerParts> implements OpenStream {
  /** Its caller was told something: Google's clients take the first message to say that it has begun. */
  protected isBegun = false;
  /** Something was last passed on, or a side was asked whether it is still there. */
  lastSentAt = performance.now();
  protected end: SessionEnd | null = null;
  protected readonly heartbeat = new Heartbeat();
  /** The caller is not read while so much waits for it. Twice what a vendor may have waiting: only replies of the gateway make it that much. */
  protected readonly mostUnreadBytes: number = 2 * MOST_WAITING_BYTES;
  protected readonly over = Promise.withResolvers<SessionEnd>();
  private readonly expiry: NodeJS.Timeout;
  /** What nobody expected, and the log is to tell. */
  private mistake: { readonly error: unknown } | null = null;

  constructor(
    protected readonly caller: OpenedSocket,
    protected readonly parts: Parts,
  ) {
    const { limitMs } = parts;
    this.expiry = setTimeout(() => this.terminate(new SessionExpiredError(limitMs / 1000)), limitMs);
  }

  /** Resolves when all that was used is on record. */
  get ended(): Promise<SessionEnd> {
    return this.over.promise;
  }

  abstract ping(): void;

  /** Ends what is behind it, when its caller is told already. Resolves when all that was used is on record. */
  protected abstract release(end: SessionEnd): Promise<void>;

  /** Ends it with an event. */
  terminate(error: GatewayError, code: number = CLOSES.policy): void {
    if (!this.end) {
      this.tellEnd(error);
      const close = error.status === 503 ? CLOSES.goingAway : code;
      this.close({ outcome: 'cut', errorCode: error.code, cut: null, stop: error }, close, error.message);
    }
  }

  /** Ends it, whatever has gone wrong. */
  fail(error: unknown): void {
    if (error instanceof GatewayError) {
      this.terminate(error);
      return;
    }
    this.mistake ??= { error };
    this.terminate(new InternalError(), CLOSES.failure);
  }

  /** Before a message is taken. @throws MessageTooLargeError (413), NoJsonMessageError (400) */
  protected check({ data, isBinary }: SocketMessage): void {
    const { dialect, messageLimitBytes } = this.parts;
    this.keepInStep();
    if (data.length > messageLimitBytes) {
      throw new MessageTooLargeError(messageLimitBytes);
    }
    if (isBinary && !dialect.isBinary) {
      throw new NoJsonMessageError(); // who is behind may read it in another encoding
    }
  }

  /** Who does not read what its own messages bring about is not read, either. */
  private keepInStep(): void {
    const { socket, inbox } = this.caller;
    if (socket.bufferedAmount >= this.mostUnreadBytes) {
      inbox.hold();
      socket.ping('', false, () => inbox.goOn()); // it stands behind all that waits
    }
  }

  /** A message of the caller cannot be taken: where the protocol can tell that, the session goes on. */
  protected refuse(error: unknown): void {
    if (error instanceof MessageTooLargeError) {
      this.terminate(error, CLOSES.tooBig);
    } else if (!(error instanceof GatewayError) || !this.tellError(error)) {
      this.fail(error);
    }
  }

  /** Before its close. */
  protected tellEnd(error: GatewayError): void {
    if (this.isBegun) {
      this.sendText(this.parts.dialect.writeEnd(error));
    } else {
      this.tellError(error);
    }
  }

  /** False where the protocol has no event for it. */
  private tellError(error: GatewayError): boolean {
    const event = this.parts.dialect.writeError(error);
    if (event !== null) {
      this.sendText(event);
    }
    return event !== null;
  }

  protected sendText(text: string, onSent?: () => void): void {
    const { socket } = this.caller;
    if (socket.readyState === WebSocket.OPEN) {
      this.lastSentAt = performance.now();
      this.isBegun = true;
      socket.send(text, { binary: this.parts.dialect.isBinary }, onSent);
    }
  }

  protected callerLeft(code: number): void {
    const isLost = !isInOrder(code);
    const errorCode = isLost ? 'caller_left' : null;
    this.close({ outcome: isLost ? 'aborted' : 'completed', errorCode, cut: null }, CLOSES.normal);
  }

  /** Only the first word counts. @param code that the caller is told */
  protected close(end: SessionEnd, code: number, reason = ''): void {
    if (!this.end) {
      this.end = end;
      clearTimeout(this.expiry);
      hangUp(this.caller.socket, code, reason);
      this.settle(end).then(this.over.resolve, this.over.reject);
    }
  }

  private async settle(end: SessionEnd): Promise<SessionEnd> {
    await this.release(end);
    if (this.mistake) {
      throw this.mistake.error;
    }
    return end;
  }
}
