import type { GoogleGenAI, LiveConnectConfig, LiveServerMessage, Session } from '@google/genai';

export const LIVE_MODEL = 'gemini-2.5-flash-native-audio-preview-09-2025';

/** A session of Google's own client, and what it was told. */
export class Talk {
  readonly messages: LiveServerMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  session: Session | undefined;
  private waiting: (() => void)[] = [];

  async open(google: GoogleGenAI, config: LiveConnectConfig, model = LIVE_MODEL): Promise<Session> {
    this.session = await google.live.connect({
      model,
      config,
      callbacks: {
        onmessage: message => {
          this.messages.push(message);
          this.wake();
        },
        onclose: ({ code, reason }) => {
          this.closed = { code, reason };
          this.wake();
        },
      },
    });
    return this.session;
  }

  async until(fits: (message: LiveServerMessage) => unknown, count = 1): Promise<LiveServerMessage> {
    for (;;) {
      const found = this.messages.filter(fits)[count - 1];
      if (found) {
        return found;
      }
      if (this.closed) {
        throw new Error(`Closed: ${this.closed.code} ${this.closed.reason}`);
      }
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    while (!this.closed) {
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
    return this.closed;
  }

  turns(count = 1): Promise<LiveServerMessage> {
    return this.until(message => message.serverContent?.turnComplete, count);
  }

  get text(): string {
    return this.messages.map(message => message.serverContent?.modelTurn?.parts?.[0]?.text ?? '').join('');
  }

  get spoken(): Buffer {
    const parts = this.messages.flatMap(message => message.serverContent?.modelTurn?.parts ?? []);
    return Buffer.concat(parts.map(({ inlineData }) => Buffer.from(inlineData?.data ?? '', 'base64')));
  }

  private wake(): void {
    this.waiting.splice(0).forEach(resolve => resolve());
  }
}
