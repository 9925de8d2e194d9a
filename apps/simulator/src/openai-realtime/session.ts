import type { JsonObject } from '../json.js';
import { asNumber, asObject, asText, isObject, parseJson } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { Accent } from './accent.js';
import type { Line, LiveSession } from '../realtime/live-dialect.js';
import type { Message } from '../realtime/outlet.js';
import { Conversation, type Item } from './conversation.js';
import { errorEvent } from './error-event.js';
import { idOf } from './ids.js';
import { InputAudio, transcribe, wordsHeard } from './input-audio.js';
import { newItem, truncated } from './items.js';
import { RealtimeResponse } from './response.js';
import { askedFor } from './response-request.js';
import { type Settings, updateSettings } from './settings.js';

type Handler = (event: JsonObject) => Promise<unknown>;

/** One conversation with OpenAI's Realtime API. */
export class RealtimeSession implements LiveSession {
  private readonly conversation: Conversation;
  private readonly input: InputAudio;
  private response: RealtimeResponse | undefined;

  constructor(
    private readonly line: Line,
    private settings: Settings,
    private readonly accent: Accent,
  ) {
    this.conversation = new Conversation(idOf('conv', line.world));
    this.input = new InputAudio(line, {
      emit: event => this.emit(event),
      speechStarted: () => this.interrupt(),
      speechStopped: item => this.takeSpeech(item),
    });
    this.input.configure(settings);
    void this.emit({ type: 'session.created', session: settings });
  }

  get isAnswering(): boolean {
    return this.response !== undefined;
  }

  async receive(data: string): Promise<void> {
    let about: string | null = null;
    try {
      const event = parse(data);
      about = asText(event.event_id) || null;
      const handle = Object.hasOwn(this.handlers, asText(event.type)) && this.handlers[asText(event.type)];
      if (!handle) {
        const supported = Object.keys(this.handlers).map(name => `'${name}'`);
        const message = `Invalid value: '${asText(event.type)}'. Supported values are: ${supported.join(', ')}.`;
        throw new Refusal(400, message, { code: 'invalid_value', param: 'type' });
      }
      await handle(event);
    } catch (error) {
      await this.refuse(error, about);
    }
  }

  /** An answer notices by itself that nobody is there. */
  leave(): void {
    this.response?.cancel('client_cancelled');
  }

  private readonly handlers: Readonly<Record<string, Handler>> = {
    'session.update': event => {
      require400(isObject(event.session), "Missing required parameter: 'session'.", {
        code: 'missing_required_parameter',
        param: 'session',
      });
      this.settings = updateSettings(this.settings, this.accent.understand(event.session));
      this.input.configure(this.settings);
      return this.emit({ type: 'session.updated', session: this.settings });
    },
    'conversation.item.create': event => {
      const item = newItem(asObject(event.item), this.conversation, this.line.world);
      if (item.audioMs > 0) {
        item.heard = wordsHeard(item.audioMs, this.settings);
      }
      this.conversation.insert(item, asText(event.previous_item_id) || undefined);
      return this.tellItem(item);
    },
    'conversation.item.retrieve': event => {
      const { wire } = this.conversation.find(asText(event.item_id));
      return this.emit({ type: 'conversation.item.retrieved', item: wire });
    },
    'conversation.item.delete': event => {
      this.conversation.remove(asText(event.item_id));
      return this.emit({ type: 'conversation.item.deleted', item_id: event.item_id });
    },
    'conversation.item.truncate': event => {
      const { item_id, content_index = 0 } = event;
      const audio_end_ms = truncated(this.conversation.find(asText(item_id)), asNumber(event.audio_end_ms));
      return this.emit({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
    },
    'input_audio_buffer.append': event => this.input.append(asText(event.audio)),
    'input_audio_buffer.commit': () => this.input.commit(),
    'input_audio_buffer.clear': () => this.input.clear(),
    'output_audio_buffer.clear': () => {
      const response_id = this.response?.id ?? null;
      this.response?.cancel('client_cancelled');
      return this.emit({ type: 'output_audio_buffer.cleared', response_id });
    },
    'response.create': event => this.respond(asObject(event.response)),
    'response.cancel': async () => {
      require400(this.response !== undefined, 'Cancellation failed: no active response found', {
        code: 'response_cancel_not_active',
      });
      this.response.cancel('client_cancelled');
    },
  };

  private async respond(asked: JsonObject): Promise<void> {
    if (this.settings.type === 'transcription') {
      throw new Refusal(400, 'Responses cannot be created in a transcription session.');
    }
    if (this.response) {
      const message = `Conversation already has an active response in progress: ${this.response.id}. Wait until the response is finished before creating a new one.`;
      throw new Refusal(400, message, { code: 'conversation_already_has_active_response' });
    }
    const request = askedFor(asked, this.settings, this.conversation, this.line.world);
    const response = new RealtimeResponse(this.line, request, this.accent);
    this.response = response;
    response.start(() => (this.response = undefined));
    if (response.isLast) {
      void response.finished.then(() => this.expire());
    }
  }

  /** As OpenAI ends sessions of an hour. https://github.com/pollen-robotics/reachy_mini_conversation_app/issues/134 */
  private async expire(): Promise<void> {
    const message = 'Your session hit the maximum duration of 60 minutes.';
    const error = { type: 'invalid_request_error', code: 'session_expired', message, param: null };
    await this.emit(errorEvent(error, null));
    this.line.outlet.close(1001, message);
  }

  /** Whoever speaks up is listened to. */
  private interrupt(): void {
    if (this.detection.interrupt_response !== false) {
      this.response?.cancel('turn_detected');
    }
  }

  private async takeSpeech(item: Item): Promise<void> {
    item.heard = wordsHeard(item.audioMs, this.settings);
    const previous_item_id = this.conversation.lastId;
    await this.emit({ type: 'input_audio_buffer.committed', previous_item_id, item_id: item.id });
    this.conversation.insert(item);
    await this.tellItem(item);
    const isAutomatic = this.detection.create_response === true && this.settings.type === 'realtime';
    if (isAutomatic) {
      await this.response?.finished;
      await this.respond({});
    }
    await transcribe(item, this.settings, this.line, event => this.emit(event));
  }

  private get detection(): JsonObject {
    return asObject(asObject(asObject(this.settings.audio).input).turn_detection);
  }

  private async tellItem({ id, wire }: Item): Promise<void> {
    const what = { previous_item_id: this.conversation.before(id), item: wire };
    await this.emit({ type: 'conversation.item.added', ...what });
    await this.emit({ type: 'conversation.item.done', ...what });
  }

  private async emit({ type, ...rest }: Message): Promise<boolean> {
    const { outlet, world } = this.line;
    const events = this.accent.say({ type, event_id: idOf('event', world), ...rest });
    await Promise.all(events.map(event => outlet.send(event)));
    return !outlet.gone;
  }

  private async refuse(error: unknown, about: string | null): Promise<void> {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const { type = 'invalid_request_error', code = null, param = null } = error.details;
    await this.emit(errorEvent({ type, code, message: error.message, param }, about));
  }
}

function parse(data: string): JsonObject {
  const event = parseJson(data);
  require400(isObject(event), 'Could not parse the event: it has to be a JSON object.', {
    code: 'invalid_json',
  });
  require400(typeof event.type === 'string', "Missing required parameter: 'type'.", {
    code: 'missing_required_parameter',
    param: 'type',
  });
  return event;
}
