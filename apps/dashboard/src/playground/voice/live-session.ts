import { callAs } from '../chat.js';
import { fromBase64, toBase64 } from './base64.js';
import { VOICE_HZ } from './resampler.js';
import type { LiveEvent } from './transcript.js';

/** Of the ephemeral key, in seconds: it is used at once. */
const KEY_SECONDS = 30;
const FORMAT = { type: 'audio/pcm', rate: VOICE_HZ };

export interface Asked {
  /** A project's. */
  readonly key: string;
  readonly model: string;
  /** Empty: none. */
  readonly instructions: string;
  /** Which model writes down what is said to a model that hears by itself; empty: none. */
  readonly transcriber: string;
  /** Empty: as the model likes. */
  readonly voice: string;
}

interface Listener {
  event(event: LiveEvent): void;
  sound(itemId: string, pcm: Uint8Array<ArrayBuffer>): void;
  /** Otherwise than it was asked for. */
  closed(why: string): void;
}

/** A realtime session with a model. */
export class LiveSession {
  private isAnswering = false;

  private constructor(private readonly socket: WebSocket) {}

  /**
   * The project's key makes an ephemeral one, and only that goes to where browsers say keys of WebSockets.
   *
   * @param signal ends it
   * @throws CallRefused, Error when the session is refused
   */
  static async open(asked: Asked, listener: Listener, signal: AbortSignal): Promise<LiveSession> {
    const secret = await issue(asked, signal);
    const url = new URL(`/v1/realtime?model=${encodeURIComponent(asked.model)}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, ['realtime', `openai-insecure-api-key.${secret}`]);
    const session = new LiveSession(socket);
    signal.addEventListener('abort', () => socket.close(1000));
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('close', () =>
        reject(new Error('The session was refused. Its record says why.')),
      );
    });
    socket.addEventListener('message', ({ data }) => session.hear(String(data), listener));
    socket.addEventListener('close', ({ code, reason }) => {
      if (!signal.aborted) {
        listener.closed(`The session has ended: ${reason || `the connection broke off (${code})`}.`);
      }
    });
    return session;
  }

  /** A chunk of what is said. */
  speak(pcm: Uint8Array): void {
    this.send({ type: 'input_audio_buffer.append', audio: toBase64(pcm) });
  }

  /** Asks for an answer to words, in the place of the one that is given. */
  write(text: string): void {
    if (this.isAnswering) {
      this.send({ type: 'response.cancel' });
    }
    const content = [{ type: 'input_text', text }];
    this.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    this.send({ type: 'response.create' });
  }

  /** Tells how much of an item was heard, so that the model remembers no more. */
  truncate(itemId: string, heardMs: number): void {
    this.send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: heardMs,
    });
  }

  private send(event: object): void {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(event));
    }
  }

  private hear(data: string, listener: Listener): void {
    const event = JSON.parse(data) as LiveEvent;
    const { type, item_id: itemId = '', delta = '' } = event;
    if (type === 'response.output_audio.delta') {
      listener.sound(itemId, fromBase64(delta));
      return;
    }
    if (type === 'response.created' || type === 'response.done') {
      this.isAnswering = type === 'response.created';
    }
    listener.event(event);
  }
}

async function issue({ key, ...asked }: Asked, signal: AbortSignal): Promise<string> {
  const response = await callAs(key, '/v1/realtime/client_secrets', {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      expires_after: { anchor: 'created_at', seconds: KEY_SECONDS },
      session: configOf(asked),
    }),
  });
  return ((await response.json()) as { readonly value: string }).value;
}

function configOf({ model, instructions, transcriber, voice }: Omit<Asked, 'key'>): object {
  return {
    type: 'realtime',
    model,
    output_modalities: ['audio'],
    ...(instructions !== '' && { instructions }),
    audio: {
      input: {
        format: FORMAT,
        turn_detection: { type: 'server_vad' },
        ...(transcriber !== '' && { transcription: { model: transcriber } }),
      },
      output: { format: FORMAT, ...(voice !== '' && { voice }) },
    },
  };
}
