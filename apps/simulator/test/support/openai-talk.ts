import type OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent, ResponseDoneEvent } from 'openai/resources/realtime/realtime';
import type { TlsFront } from './tls-front.js';

/** A session of OpenAI's own client, which dials TLS only, and what it was told. */
export class OpenAiTalk {
  readonly events: RealtimeServerEvent[] = [];

  private constructor(readonly client: OpenAIRealtimeWS) {
    client.on('event', event => this.events.push(event));
  }

  /** Resolves when it has been greeted. @param model null: what is said is only to be written down */
  static async open(openai: OpenAI, model: string | null, { ca }: TlsFront): Promise<OpenAiTalk> {
    const what = model === null ? { intent: 'transcription' as const } : { model };
    const talk = new OpenAiTalk(new OpenAIRealtimeWS({ ...what, options: { ca } }, openai));
    await talk.client.emitted('session.created');
    return talk;
  }

  done(): Promise<ResponseDoneEvent> {
    return this.client.emitted('response.done');
  }

  /** Of all events of a type so far. */
  deltas(type: RealtimeServerEvent['type']): string[] {
    return this.events
      .filter(event => event.type === type)
      .map(event => ('delta' in event ? String(event.delta) : ''));
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.client.socket.once('close', resolve));
    this.client.close();
    await closed;
  }
}
