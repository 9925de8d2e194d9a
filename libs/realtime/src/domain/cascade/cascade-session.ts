import type { LiveCallerSide, LiveEvent, LiveNames, Losses } from '@app/dialects';
import type { SocketMessage } from '@app/providers';
import { explainDepth } from '@app/shared';
import { type CallerParts, CallerSession, type SessionEnd } from '../caller-session.js';
import type { OpenedSocket } from '../caller-socket.js';
import { onClose } from '../closes.js';
import { type Message, parsed, readMessage } from '../messages.js';
import { MOST_WAITING_BYTES, type Relay } from '../relay.js';
import type { CascadeCaller, OtherEnd } from './other-end.js';

export interface CascadeSessionParts extends CallerParts {
  /** Of the caller's protocol. */
  readonly side: LiveCallerSide;
  readonly losses: Losses;
  /** Between the caller and the other end. */
  readonly relay: Relay;
  /** Which models the caller may name. */
  readonly names: LiveNames;
  /** The caller was greeted before. */
  readonly isGreeted: boolean;
  readonly otherEnd: (caller: CascadeCaller) => OtherEnd;
}

/** A session as its caller sees it: a protocol of which the gateway itself is the other end. */
export class CascadeSession extends CallerSession<CascadeSessionParts> implements CascadeCaller {
  private readonly otherEnd: OtherEnd;
  protected override readonly mostUnreadBytes = MOST_WAITING_BYTES;
  private ready: (() => void)[] = [];
  private toldLosses = 0;

  constructor(caller: OpenedSocket, parts: CascadeSessionParts) {
    super(caller, parts);
    this.otherEnd = parts.otherEnd(this);
  }

  /** Resolves when the caller is gone, and all that was used is on record. */
  run(): Promise<SessionEnd> {
    const { socket, inbox } = this.caller;
    this.heartbeat.watch(socket);
    onClose(socket, code => this.callerLeft(code));
    if (!this.parts.isGreeted) {
      this.parts.side.greet().forEach(message => this.send(message));
    }
    inbox.listen(message => this.hear(message));
    return this.over.promise;
  }

  tell(event: LiveEvent): boolean {
    const since = performance.now();
    try {
      const told = this.end ? [] : this.parts.side.write(event);
      told.forEach(message => this.send(message, since));
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
      this.parts.relay.paused();
      this.ready.push(listener);
    }
  }

  ping(): void {
    this.lastSentAt = performance.now();
    this.heartbeat.ping(this.caller.socket);
  }

  private hear(message: SocketMessage): void {
    if (this.end) {
      return;
    }
    const since = performance.now();
    try {
      const { acts, replies } = this.parts.side.read(this.read(message));
      replies.forEach(reply => this.send(reply));
      this.otherEnd.act(acts);
      this.parts.relay.passed(since);
      this.tellLosses();
    } catch (thrown) {
      this.refuse(explainDepth(thrown));
    }
  }

  /** @throws MessageTooLargeError (413), NoJsonMessageError, OtherModelError (400) */
  private read(message: SocketMessage): Message {
    const { dialect, names } = this.parts;
    this.check(message);
    const sound = dialect.isOnlySound(message.data) ? parsed(message.data) : null;
    return sound ?? dialect.admit(readMessage(message.data), names);
  }

  private tellLosses(): void {
    const { side, losses } = this.parts;
    if (!this.end && losses.list.length > this.toldLosses) {
      const news = losses.list.slice(this.toldLosses);
      this.toldLosses = losses.list.length;
      this.send(side.writeLosses(news));
    }
  }

  /** @param since there is something to be said, in monotonic ms */
  private send(message: Message, since = performance.now()): void {
    const isSlow = this.caller.socket.bufferedAmount >= MOST_WAITING_BYTES;
    const passed = (): void => this.parts.relay.passed(since);
    this.sendText(JSON.stringify(message), isSlow ? passed : undefined);
    if (!isSlow) {
      passed();
    }
  }

  protected override sendText(text: string, onSent?: () => void): void {
    super.sendText(text, () => {
      onSent?.();
      this.sent();
    });
  }

  private sent(): void {
    if (this.ready.length > 0 && this.caller.socket.bufferedAmount < MOST_WAITING_BYTES) {
      this.parts.relay.resumed();
      this.ready.splice(0).forEach(listener => listener());
    }
  }

  protected release({ stop }: SessionEnd): Promise<void> {
    return this.otherEnd.close(stop);
  }
}
