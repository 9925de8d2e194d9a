import { type Call, InvalidRequestError, isObject, type LiveConfig } from '@app/shared';
import type { CallerSocket, OpenedSocket } from './caller-socket.js';
import { OtherKeyModelError, OtherSessionTypeError, ProtocolConfigError } from './realtime.errors.js';

/** What an ephemeral key has fixed of the sessions that it opens. */
export class SessionTerms {
  private constructor(private readonly config: LiveConfig) {}

  /** Null for any other key. */
  static of({ liveConfig }: Pick<Call, 'liveConfig'>): SessionTerms | null {
    return liveConfig ? new SessionTerms(liveConfig) : null;
  }

  get isTranscription(): boolean {
    return this.config.type === 'transcription';
  }

  /** As it was said when the key was made; null: any. */
  get model(): string | null {
    return modelIn(this.config);
  }

  /**
   * Of a session in OpenAI's protocol.
   *
   * @param query of its address
   * @throws InvalidRequestError (400) for another type, or another model
   */
  assertQuery(query: URLSearchParams): void {
    const intent = query.get('intent');
    if (intent !== null && (intent === 'transcription') !== this.isTranscription) {
      throw new OtherSessionTypeError(this.config.type);
    }
    this.assertModel(query.get('model') ?? this.model);
  }

  /**
   * Of a session in another protocol, whose caller says itself how it is to be.
   *
   * @throws InvalidRequestError (400) for another model, or when the key was made for more than that
   */
  assertSetup(model: string): void {
    if (this.isTranscription || this.opening !== null) {
      throw new ProtocolConfigError();
    }
    this.assertModel(model);
  }

  /** What the session begins with, as if its caller had said it; null: nothing. */
  get opening(): Buffer | null {
    const { type, ...said } = this.config;
    const config = this.isTranscription ? said : without(said, 'model'); // that is said in the address
    return Object.keys(config).length === 0
      ? null
      : Buffer.from(JSON.stringify({ type: 'session.update', session: { type, ...config } }));
  }

  private assertModel(model: string | null): void {
    if (this.model !== null && model !== this.model) {
      throw new OtherKeyModelError(model ?? '', this.model);
    }
  }
}

/** Opens the caller's side; what its key says of the session stands before all that it says itself. @throws CallerLeftError */
export async function acceptCaller(
  { call, caller }: { readonly call: Call; readonly caller: CallerSocket },
  headers: Readonly<Record<string, string>>,
): Promise<OpenedSocket> {
  const opened = await caller.accept(headers);
  opened.inbox.hearFirst(SessionTerms.of(call)?.opening ?? null);
  return opened;
}

/** The model that a configuration names: the session's own, or that which writes down; null: none. */
export function modelIn(config: LiveConfig): string | null {
  const isTranscription = config.type === 'transcription';
  const path = isTranscription ? ['audio', 'input', 'transcription', 'model'] : ['model'];
  const model = path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), config) ?? null;
  if (model !== null && (typeof model !== 'string' || model === '')) {
    throw new InvalidRequestError('A model is a name.', `session.${path.join('.')}`);
  }
  return model;
}

function without(config: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([member]) => member !== name));
}
