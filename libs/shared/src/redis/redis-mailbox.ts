import type { Redis as Client } from 'ioredis';
import { within } from '../time/deadline.js';

const DEADLINE_MS = 200;
const CONNECT_MS = 1000;

/**
 * Where this process is sent messages: channels, heard on a connection of its own, which comes back by itself when it was lost. What
 * is sent meanwhile is lost, and its sender is told that nobody heard it.
 */
export class RedisMailbox {
  private isHearing = false;
  private isClosed = false;

  private constructor(
    private readonly client: Client,
    /** The channels. */
    private readonly addresses: readonly string[],
    private readonly onRefused: (error: Error) => void,
  ) {}

  /**
   * Also where the server is away.
   *
   * @param client not yet connected
   * @param onRefused the server does not let its user hear anything
   */
  static async open(
    client: Client,
    addresses: readonly string[],
    hear: (message: string) => void,
    onRefused: (error: Error) => void,
  ): Promise<RedisMailbox> {
    const mailbox = new RedisMailbox(client, addresses, onRefused);
    client.on('error', () => undefined); // the connection that asks tells it
    client.on('close', () => (mailbox.isHearing = false));
    client.on('message', (_channel, message) => {
      if (!mailbox.isClosed) {
        hear(message);
      }
    });
    const opened = new Promise<void>(resolve => {
      client.on('ready', () => void mailbox.subscribe().then(resolve));
    });
    client.connect().catch(() => undefined);
    await within(CONNECT_MS, opened).catch(() => undefined); // it may come
    return mailbox;
  }

  /** Whether messages reach it, as far as it knows. */
  get isOpen(): boolean {
    return this.isHearing;
  }

  /** A connection that was lost unnoticed is made anew. Never throws. */
  async check(): Promise<void> {
    if (!this.isHearing || this.isClosed) {
      return;
    }
    try {
      await within(DEADLINE_MS, this.client.ping());
    } catch {
      this.isHearing = false;
      this.client.disconnect(!this.isClosed);
    }
  }

  close(): void {
    this.isClosed = true;
    this.isHearing = false;
    this.client.disconnect();
  }

  private async subscribe(): Promise<void> {
    try {
      await within(CONNECT_MS, this.client.subscribe(...this.addresses));
      this.isHearing = !this.isClosed;
    } catch (error) {
      this.isHearing = false;
      if (error instanceof Error && error.message.startsWith('NOPERM')) {
        this.onRefused(error);
      }
    }
  }
}
