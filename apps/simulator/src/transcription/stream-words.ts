import { pieces } from '../answering/tokens.js';
import type { Fault } from '../faults.js';
import type { Exchange } from '../http/exchange.js';
import { firstHalf } from '../http/reply.js';
import { openAiChat } from '../openai-chat/dialect.js';

/** A transcript as a vendor streams it. */
export interface StreamedWords {
  readonly text: string;
  readonly fault: Fault;
  /** Sent before the first words; absent: nothing. */
  readonly opening?: string;
  readonly delta: (words: string) => string;
  readonly done: () => string;
  /** Called before the ending, with what the caller was told. */
  readonly settle: (heardBytes: number) => void;
}

/** Sends a transcript word by word. */
export async function streamWords(
  { reply, url, received }: Exchange,
  { text, fault, opening = '', delta, done, settle }: StreamedWords,
): Promise<void> {
  const asked = { url, headers: received.headers, body: {} };
  reply.start(200, { 'content-type': openAiChat.streamType(asked) });
  let heardBytes = 0;
  let deltas = 0;
  let alive = opening === '' || (await reply.write(opening));
  for (const words of alive ? pieces(text) : []) {
    if (deltas === fault.errorEvent) {
      break;
    }
    const data = delta(words);
    heardBytes += Buffer.byteLength(words);
    alive = await reply.write(fault.malformed && deltas === 1 ? `${firstHalf(data)}\n\n` : data);
    if (!alive || (fault.pace !== undefined && !(await reply.pause(fault.pace)))) {
      break;
    }
    deltas++;
  }
  settle(heardBytes);
  if (!alive) {
    return;
  }
  if (deltas === fault.errorEvent) {
    await reply.write(openAiChat.errorFrame(asked));
  } else if (!fault.endEarly) {
    await reply.write(done());
  }
  reply.end();
}
