import type { StreamEvent } from '../domain/answer.js';
import type { StreamReader } from '../domain/dialect.js';
import { recordOr, textAt, type Wire } from '../domain/wire.js';
import { findError } from '../openai-chat/embedded-error.js';
import { safeMessage } from '../openai-chat/error.reader.js';
import { readTranscriptionUsage } from './openai.reader.js';

/**
 * `transcription.language, transcription.text.delta{text} …, transcription.segment …, transcription.done{text, usage}`, whose text and
 * end are told. https://docs.mistral.ai/capabilities/audio_transcription
 */
export class MistralTranscriptReader implements StreamReader {
  private hasText = false;
  private over = false;

  /** @param vendor id, for errors */
  constructor(private readonly vendor: string) {}

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    if (this.over) {
      return;
    }
    let event: unknown;
    try {
      event = JSON.parse(data);
    } catch {
      this.fail('sent an event that is no JSON', 'malformed_stream', out);
      return;
    }
    const error = findError(event) ?? (type === 'error' ? findError({ error: event }) : null);
    if (error) {
      this.over = true;
      const message = safeMessage(error) || `The vendor '${this.vendor}' reported an error.`;
      out.push({ kind: 'error', message, code: error.code, status: error.status });
      return;
    }
    this.readEvent(recordOr(event), out);
  }

  end(out: StreamEvent[]): void {
    if (!this.over) {
      this.fail('ended the transcription before it was done', 'upstream_cut', out);
    }
  }

  private readEvent(event: Wire, out: StreamEvent[]): void {
    switch (event['type']) {
      case 'transcription.text.delta':
        this.tell(textAt(event, 'text'), out);
        break;
      case 'transcription.done':
        if (!this.hasText) {
          this.tell(textAt(event, 'text'), out);
        }
        this.finish(event, out);
        break;
    }
  }

  private tell(text: string, out: StreamEvent[]): void {
    this.hasText = true;
    out.push({ kind: 'text', choice: 0, text });
  }

  private finish(event: Wire, out: StreamEvent[]): void {
    this.over = true;
    const usage = readTranscriptionUsage(event);
    out.push(
      { kind: 'start', id: '', model: textAt(event, 'model') },
      ...(usage ? [{ kind: 'usage', usage } as const] : []),
      { kind: 'finish', choice: 0, finish: { reason: 'stop', native: null } },
      { kind: 'end' },
    );
  }

  private fail(what: string, code: string, out: StreamEvent[]): void {
    this.over = true;
    out.push({ kind: 'error', message: `The vendor '${this.vendor}' ${what}.`, code, status: null });
  }
}
