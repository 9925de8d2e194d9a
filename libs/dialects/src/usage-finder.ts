import { readUsage as readAnthropicUsage } from './anthropic-messages/usage.js';
import { holdsZeros, isMeant, type Usage } from './domain/usage.js';
import { isAbsent, isObject, stringOr, type Wire } from './domain/wire.js';
import { readUsage as readGeminiUsage } from './gemini/usage.js';
import { readUsage as readChatUsage } from './openai-chat/usage.js';
import { readUsage as readResponseUsage } from './openai-responses/usage.js';
import { readTranscriptionUsage } from './transcription/openai.reader.js';

/** What an answer tells the ledger, whichever dialect it is in. */
export interface ToldUsage {
  /** The vendor's id of the answer. */
  readonly id: string | null;
  readonly model: string | null;
  readonly usage: Usage | null;
}

/** Finds the usage in answers and events of an endpoint that nobody described, by the shapes that the vendors use. */
export class UsageFinder {
  private id: string | null = null;
  private model: string | null = null;
  private usage: Usage | null = null;
  /** Anthropic tells a part at the begin of a stream and another at its end. */
  private counts: Wire = {};

  get told(): ToldUsage {
    return { id: this.id, model: this.model, usage: this.usage };
  }

  /** Reads a whole answer, or one event of a streamed one; anything else tells nothing. */
  read(body: unknown): void {
    // A batch sums up what other calls used.
    if (!isObject(body) || body['object'] === 'batch') {
      return;
    }
    // Events of OpenAI's Responses and of Anthropic's Messages hold the answer.
    const answer = recordOf(body['response'] ?? body['message']) ?? body;
    this.id = stringOr(answer['id'] ?? answer['responseId'], this.id);
    this.model = stringOr(answer['model'] ?? answer['modelVersion'], this.model);
    const meta = recordOf(answer['usageMetadata']);
    const usage = recordOf(answer['usage'] ?? body['usage']);
    if (this.usage && holdsZeros(meta ?? usage ?? {})) {
      return; // behind the real one
    }
    if (meta) {
      this.note(readGeminiUsage(meta, { any: false, tokens: 0 }));
    } else if (usage) {
      this.counts = { ...this.counts, ...usage };
      this.note(this.readCounts(answer));
    }
  }

  /** What cannot be meant unsays what was told before it. */
  private note(usage: Usage | null): void {
    if (usage) {
      this.usage = isMeant(usage) ? usage : null;
    }
  }

  private readCounts(answer: Wire): Usage | null {
    const { counts } = this;
    if (!isAbsent(counts['prompt_tokens'])) {
      const usage = readChatUsage(counts);
      const serviceTier = stringOr(answer['service_tier'], undefined);
      return usage && serviceTier !== undefined ? { ...usage, serviceTier } : usage;
    }
    if (stringOr(answer['type'], '').startsWith('message') || 'cache_read_input_tokens' in counts) {
      return readAnthropicUsage(counts, this.model ?? '');
    }
    return counts['type'] === 'duration'
      ? readTranscriptionUsage({ usage: counts })
      : readResponseUsage({ ...answer, usage: counts });
  }
}

function recordOf(value: unknown): Wire | undefined {
  return isObject(value) ? value : undefined;
}
