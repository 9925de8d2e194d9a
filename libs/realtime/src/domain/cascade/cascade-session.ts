import {
  type LiveCallerSide,
  type LiveDialect,
  type LiveEvent,
  type LiveNames,
  type Losses,
  toJson,
} from '@app/dialects';
import type { OpenStream } from '@app/inference';
import type { SocketMessage } from '@app/providers';
import { explainDepth, GatewayError, InternalError } from '@app/shared';
import { WebSocket } from 'ws';
import type { OpenedSocket } from '../caller-socket.js';
import { CLOSES, hangUp, isInOrder } from '../closes.js';
import type { SessionEnd } from '../live-session.js';
import { type Message, parsed, readMessage } from '../messages.js';
import { MessageTooLargeError, NoJsonMessageError, SessionExpiredError } from '../realtime.errors.js';
import type { Cascade, CascadeCaller } from './cascade.js';

/** So much waits for a caller that reads slowly; then its models wait, too. */
const MOST_WAITING_BYTES = 1024 * 1024;

export interface CascadeSessionParts {
  readonly dialect: LiveDialect;
  /** Of the caller's protocol. */
  readonly side: LiveCallerSide;
  readonly losses: Losses;
  /** Which models the caller may name. */
  readonly names: LiveNames;
  readonly messageLimitBytes: number;
  readonly limitMs: number;
  readonly cascade: (caller: CascadeCaller) => Cascade;
}

/** A session with a text model, as its caller sees it: a protocol of which the gateway itself is the other end. */
export class CascadeSession implements OpenStream, CascadeCaller {
  /** Something was last sent to the caller, or it was asked whether it is still there. */
  lastSentAt = performance.now();
  private readonly over = Promise.withResolvers<SessionEnd>();
  private readonly expiry: NodeJS.Timeout;
  private readonly cascade: Cascade;
  private end: SessionEnd | null = null;
  private isSilent = false;
  private ready: (() => void)[] = [];
  private toldLosses = 0;
  /** What nobody expected, and the log is to tell. */
  private mistake: { readonly error: unknown } | null = null;

  constructor(
    private readonly caller: OpenedSocket,
    private readonly parts: CascadeSessionParts,
  ) {
    const { limitMs } = parts;
    this.expiry = setTimeout(() => this.terminate(new SessionExpiredError(limitMs / 1000)), limitMs);
    this.cascade = parts.cascade(this);
  }

  /** Resolves when the caller is gone, and all that was used is on record. */
  run(): Promise<SessionEnd> {
    const { socket, inbox } = this.caller;
    socket.on('pong', () => (this.isSilent = false));
    if (socket.readyState >= WebSocket.CLOSING) {
      this.callerLeft(CLOSES.abnormal);
    } else {
      socket.on('close', (code: number) => this.callerLeft(code));
      this.parts.side.greet().forEach(message => this.send(message));
      inbox.listen(message => this.hear(message));
    }
    return this.over.promise;
  }

  tell(event: LiveEvent): boolean {
    try {
      const told = this.end ? [] : this.parts.side.write(event);
      told.forEach(message => this.send(message));
      this.tellLosses();
    } catch (error) {
      this.fail(error);
    }
    return this.caller.socket.bufferedAmount < MOST_WAITING_BYTES;
  }

  onceReady(listener: () => void): void {
    if (this.caller.socket.bufferedAmount < MOST_WAITING_BYTES) {
      setImmediate(listener);
    } else {
      this.ready.push(listener);
    }
  }

  ping(): void {
    const { socket } = this.caller;
    this.lastSentAt = performance.now();
    if (this.isSilent) {
      socket.terminate(); // not even its system answers
    } else {
      this.isSilent = true;
      socket.ping();
    }
  }

  /** Ends it with an event. */
  terminate(error: GatewayError, code: number = CLOSES.policy): void {
    if (!this.end) {
      this.tellError(error);
      const close = error.status === 503 ? CLOSES.goingAway : code;
      this.close({ outcome: 'cut', errorCode: error.code, cut: null }, close, error.message);
    }
  }

  fail(error: unknown): void {
    if (error instanceof GatewayError) {
      return this.terminate(error);
    }
    this.mistake ??= { error };
    this.terminate(new InternalError(), CLOSES.failure);
  }

  private hear(message: SocketMessage): void {
    if (this.end) {
      return;
    }
    try {
      const { acts, replies } = this.parts.side.read(this.read(message));
      replies.forEach(reply => this.send(reply));
      acts.forEach(act => this.cascade.act(act));
      this.tellLosses();
      this.keepPace();
    } catch (thrown) {
      this.refuse(explainDepth(thrown));
    }
  }

  /** @throws MessageTooLargeError (413), NoJsonMessageError, OtherModelError (400) */
  private read({ data, isBinary }: SocketMessage): Message {
    const { dialect, names, messageLimitBytes } = this.parts;
    if (data.length > messageLimitBytes) {
      throw new MessageTooLargeError(messageLimitBytes);
    }
    if (isBinary && !dialect.isBinary) {
      throw new NoJsonMessageError();
    }
    const sound = dialect.isOnlySound(data) ? parsed(data) : null;
    return sound ?? dialect.admit(readMessage(data), names);
  }

  private refuse(error: unknown): void {
    if (error instanceof MessageTooLargeError) {
      this.terminate(error, CLOSES.tooBig);
    } else if (!(error instanceof GatewayError) || !this.tellError(error)) {
      this.fail(error);
    }
  }

  /** Who does not read is not heard. */
  private keepPace(): void {
    const { socket } = this.caller;
    if (socket.bufferedAmount >= MOST_WAITING_BYTES) {
      socket.pause();
      this.onceReady(() => socket.resume());
    }
  }

  /** False where the protocol has no event for it. */
  private tellError(error: GatewayError): boolean {
    const { dialect } = this.parts;
    const event = dialect.writeError(error);
    if (event !== null) {
      this.sendText(event);
    }
    return event !== null;
  }

  private tellLosses(): void {
    const { side, losses } = this.parts;
    if (!this.end && losses.list.length > this.toldLosses) {
      const news = losses.list.slice(this.toldLosses);
      this.toldLosses = losses.list.length;
      this.send(side.writeLosses(news));
    }
  }

  private send(message: Message): void {
    this.sendText(toJson(message));
  }

  private sendText(text: string): void {
    const { socket } = this.caller;
    if (socket.readyState === WebSocket.OPEN) {
      this.lastSentAt = performance.now();
      socket.send(text, { binary: this.parts.dialect.isBinary }, () => this.sent());
    }
  }

  private sent(): void {
    if (this.ready.length > 0 && this.caller.socket.bufferedAmount < MOST_WAITING_BYTES) {
      this.ready.splice(0).forEach(listener => listener());
    }
  }

  private callerLeft(code: number): void {
    const isLost = !isInOrder(code);
    const errorCode = isLost ? 'caller_left' : null;
    this.close({ outcome: isLost ? 'aborted' : 'completed', errorCode, cut: null }, CLOSES.normal);
  }

  /** Only the first word counts. @param code that the caller is told */
  private close(end: SessionEnd, code: number, reason = ''): void {
    if (this.end) {
      return;
    }
    this.end = end;
    clearTimeout(this.expiry);
    hangUp(this.caller.socket, code, reason);
    this.settle(end).then(this.over.resolve, this.over.reject);
  }

  private async settle(end: SessionEnd): Promise<SessionEnd> {
    await this.cascade.close();
    if (this.mistake) {
      throw this.mistake.error;
    }
    return end;
  }
}
