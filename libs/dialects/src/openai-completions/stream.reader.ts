import type { StreamEvent } from '../domain/answer.js';
import type { StreamReader, Target } from '../domain/dialect.js';
import { ChatStreamReader } from '../openai-chat/stream.reader.js';
import { asChat } from './as-chat.js';

/** Reads a streamed legacy completion with chat's reader; few events are read at all, since these streams pass as bytes. */
export class CompletionStreamReader implements StreamReader {
  private readonly chat: ChatStreamReader;

  constructor(target: Target) {
    this.chat = new ChatStreamReader(target);
  }

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    this.chat.read(inChat(data), type, out);
  }

  end(out: StreamEvent[]): void {
    this.chat.end(out);
  }
}

/** Chat's reader has the word for what is no JSON. */
function inChat(data: string): string {
  try {
    return JSON.stringify(asChat(JSON.parse(data), 'delta'));
  } catch {
    return data;
  }
}
