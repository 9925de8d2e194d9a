import {
  type LiveEnd,
  type LiveEvent,
  type LiveSettings,
  Losses,
  openAiChatVendor,
  type StreamEvent,
  type Target,
  type ToolCallPart,
  type Usage,
} from '@app/dialects';
import { GatewayError, UpstreamError } from '@app/shared';
import { AnswerFacts } from './answer-facts.js';
import type { Conversation, Place } from './conversation.js';
import type { ModelCalls } from './inner-calls.js';
import { Sentences } from './sentences.js';
import { TextReply } from './text-reply.js';
import type { SoundOutlet } from './utterance.js';
import { type Speaker, Voice } from './voice.js';

/** What comes out of speech models, in samples a second. */
const SPOKEN_RATE = 24_000;

/** Why there is nothing to be answered. @param message of what failed; null: nothing did */
export interface Unheard {
  readonly message: string | null;
  readonly code: string | null;
}

export interface AnswerParts {
  readonly calls: ModelCalls;
  readonly conversation: Conversation;
  readonly losses: Losses;
  readonly settings: LiveSettings;
  /** The model as the caller asked it, and the key's wish that nothing be lost. */
  readonly model: string;
  readonly isStrict: boolean;
  /** What it may write, where the caller does not say it. */
  readonly mostTokens: number;
  readonly speaker: Speaker;
  /** The caller wants one, whatever was said; else it is given when there is something to be answered. */
  readonly isAsked: boolean;
  /** Since when it is waited for, in monotonic ms. */
  readonly askedAt: number;
  /** False when the caller reads too slowly. */
  readonly tell: (event: LiveEvent) => boolean;
  readonly onceReady: SoundOutlet['onceReady'];
  readonly unheard: () => Unheard | null;
}

/** One answer: written by a text model, and spoken sentence by sentence where it is to be. */
export class Answer {
  private readonly abort = new AbortController();
  private readonly sentences = new Sentences();
  private readonly facts: AnswerFacts;
  private readonly voice: Voice | null;
  private readonly calls: ToolCallPart[] = [];
  private place: Place | null = null;
  private usage: Usage | null = null;
  private failure: { readonly error: unknown } | null = null;
  isOver = false;
  /** False while the caller of a written answer reads too slowly. */
  isReady = true;
  private hasTold = false;

  constructor(private readonly parts: AnswerParts) {
    this.facts = new AnswerFacts(parts.askedAt);
    this.voice = parts.settings.isSpoken ? this.newVoice() : null;
  }

  /**
   * The first half: the model writes. Resolves when it has written; what it says is told and spoken meanwhile.
   *
   * @throws GatewayError
   */
  async write(): Promise<void> {
    const { calls, conversation, losses, isAsked, unheard } = this.parts;
    const nothing = conversation.hasNews ? null : unheard();
    if (this.isOver || (!isAsked && !conversation.hasNews)) {
      return this.end();
    }
    if (nothing) {
      const { message, code } = nothing;
      return this.over(message === null ? 'completed' : 'failed', message, code);
    }
    const target = targetOf(this.parts.model);
    const body = this.body(target);
    conversation.hasNews = false;
    this.place = conversation.place('assistant');
    const reply = new TextReply(target, event => this.hear(event), losses, this);
    const meter = await calls.write(body, reply, {
      signal: this.abort.signal,
      opened: opened => this.facts.writtenBy(opened),
    });
    this.usage = meter.usage;
    if (this.failure) {
      throw this.failure.error;
    }
  }

  /** The second: until all is said, and the caller knows that it is. @throws GatewayError */
  async say(): Promise<void> {
    if (this.isOver) {
      return;
    }
    this.sentences.end().forEach(sentence => this.voice?.say(sentence));
    await this.voice?.end();
    if (!this.isOver) {
      this.tellCalls();
      this.tell({ kind: 'said' });
      this.over('completed', null);
    }
  }

  onceReady(listener: () => void): void {
    this.parts.onceReady(() => {
      this.isReady = true;
      listener();
    });
  }

  /** @param isInterruption the caller spoke up */
  breakOff(isInterruption: boolean): void {
    if (this.isOver) {
      return;
    }
    if (!this.hasTold && !this.parts.isAsked) {
      return this.end(); // nobody knows of it
    }
    this.facts.breakOff();
    if (isInterruption) {
      this.tell({ kind: 'interrupted' });
    }
    this.over('interrupted', null);
  }

  /** The caller speaks, and it goes on. */
  spokenOver(): void {
    this.facts.spokenOver();
  }

  fail({ message, code }: GatewayError): void {
    if (!this.isOver) {
      this.over('failed', message, code);
    }
  }

  /** Without a word. @param reason why nothing goes on; absent: nobody wants to hear it */
  end(reason?: GatewayError): void {
    this.isOver = true;
    this.abort.abort(reason);
  }

  private over(end: LiveEnd, message: string | null, code: string | null = null): void {
    const awaitsResults = end === 'completed' && this.calls.length > 0;
    this.tell({ kind: 'over', end, usage: this.usage, awaitsResults, message, code });
    this.end();
  }

  private hear(event: StreamEvent): void {
    if (this.isOver) {
      return;
    }
    switch (event.kind) {
      case 'text':
      case 'refusal':
        return this.hearText(event.text);
      case 'tool-start': {
        const { id, name, signature } = event;
        this.calls[event.tool] = {
          kind: 'tool-call',
          id,
          name,
          arguments: '',
          ...(signature && { signature }),
        };
        return;
      }
      case 'tool-arguments': {
        const call = this.calls[event.tool];
        if (call) {
          this.calls[event.tool] = { ...call, arguments: call.arguments + event.delta };
        }
        return;
      }
      case 'error':
        this.fall(failureOf(event, this.parts.model));
    }
  }

  /** Nobody pays for words that are not heard. */
  private fall(error: unknown): void {
    this.failure ??= { error };
    this.abort.abort();
  }

  private hearText(text: string): void {
    if (this.voice) {
      this.sentences.push(text).forEach(sentence => this.voice?.say(sentence));
    } else {
      this.place?.say(text);
      this.isReady = this.tell({ kind: 'text', text });
    }
  }

  private tellCalls(): void {
    for (const call of this.calls) {
      const whole = call.arguments === '' ? { ...call, arguments: '{}' } : call;
      this.parts.conversation.addCall(whole);
      this.tell({ kind: 'call', call: { id: whole.id, name: whole.name, arguments: whole.arguments } });
    }
  }

  private newVoice(): Voice {
    const { calls, speaker, settings, onceReady } = this.parts;
    return new Voice({
      calls,
      speaker,
      facts: this.facts,
      signal: this.abort.signal,
      outlet: { sound: pcm => this.tell({ kind: 'sound', sound: { pcm, rate: SPOKEN_RATE } }), onceReady },
      onFailure: error => this.fall(error),
      onWords: text => {
        this.place?.say(text);
        if (settings.tellsWords) {
          this.tell({ kind: 'words', text });
        }
      },
      onOtherVoice: ({ message, code }) => {
        const told = `${message} The usual voice speaks instead.`;
        this.parts.tell({ kind: 'refused', message: told, code: code ?? null });
      },
    });
  }

  /** In the words of chat. @throws UnsupportedFieldsError (400) */
  private body(target: Target): Buffer {
    const { conversation, settings, losses, isStrict, mostTokens } = this.parts;
    const { instructions, tools, maxOutputTokens, temperature } = settings;
    const lost = new Losses();
    const written = openAiChatVendor.writeRequest(
      {
        model: target.model,
        turns: conversation.turns(instructions),
        tools: tools.list.length > 0 ? tools : { list: [] }, // vendors refuse a choice among none
        settings: {
          maxOutputTokens: maxOutputTokens ?? mostTokens,
          ...(temperature !== undefined && { temperature }),
        },
        stream: true,
        streamUsage: true,
        native: { dialect: 'openai-chat', fields: {} },
      },
      target,
      lost,
    );
    lost.assertAcceptable(target.vendor, isStrict);
    lost.list.forEach(({ action, field, detail }) => losses[action](field, detail));
    return Buffer.from(JSON.stringify(written));
  }

  private tell(event: LiveEvent): boolean {
    this.hasTold = true;
    return this.parts.tell(event);
  }
}

/** Whoever it is: what the model or its vendor does otherwise, the road of the call knows. */
function targetOf(model: string): Target {
  return { vendor: 'llmhub', model, traits: {}, quirks: {} };
}

function failureOf(
  { message, code, status }: Extract<StreamEvent, { kind: 'error' }>,
  vendor: string,
): GatewayError {
  return new UpstreamError({ vendor, upstreamStatus: status, message, ...(code !== null && { code }) });
}
