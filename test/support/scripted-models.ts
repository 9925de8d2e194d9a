import type { CallMeter, Outcome, VoiceFacts } from '@app/analytics';
import type { Sound } from '@app/dialects';
import { type GatewayError, InvalidRequestError } from '@app/shared';
import type { ModelCalls } from '../../libs/realtime/src/domain/cascade/inner-calls.js';

export const USUAL = 'alloy';
export const BEEP = Buffer.alloc(4800, 1);

/** Models that a test leads: what is asked of them, and what they answer to it. */
export class Models implements ModelCalls {
  readonly prompts: { role: string; content: unknown }[][] = [];
  readonly spoken: string[] = [];
  heard: string[] = [];
  text = 'Yes.';
  /** Speech waits for it. */
  mayEnd: Promise<void> = Promise.resolve();
  voices = [USUAL];
  failure: GatewayError | null = null;
  most = 0;
  /** Speech comes all at once, when it is on record. */
  isWhole = false;
  /** What is on record of the calls that were opened, in their order; undefined: it is not yet. */
  readonly records: (VoiceFacts | null | undefined)[] = [];
  private running = 0;

  async write(...[body, reply, { opened }]: Parameters<ModelCalls['write']>): Promise<CallMeter> {
    return this.count(async () => {
      this.prompts.push((JSON.parse(body.toString()) as { messages: [] }).messages);
      if (this.failure) {
        throw this.failure;
      }
      const meter = this.record();
      opened(meter);
      reply.writeHead(200, {});
      const choices = [{ index: 0, delta: { content: this.text }, finish_reason: 'stop' }];
      reply.end(`data: ${JSON.stringify({ id: 'a', choices })}\n\ndata: [DONE]\n\n`);
      this.close(meter, 'completed');
      return meter;
    });
  }

  async transcribe(_sound: Sound): Promise<string> {
    return this.count(async () => {
      await Promise.resolve();
      return this.heard.shift() ?? '';
    });
  }

  async speak(
    ...[{ input, voice }, reply, { signal, opened }]: Parameters<ModelCalls['speak']>
  ): Promise<void> {
    await this.count(async () => {
      const meter = this.record();
      opened(meter);
      if (!this.voices.includes(voice)) {
        this.close(meter, 'failed');
        throw new InvalidRequestError(`No voice '${voice}'.`, 'voice');
      }
      this.spoken.push(input);
      reply.writeHead(200, {});
      const begun = this.isWhole ? 0 : 2401;
      reply.write(BEEP.subarray(0, begun));
      await Promise.race([this.mayEnd, new Promise(resolve => signal.addEventListener('abort', resolve))]);
      this.close(meter, signal.aborted ? 'aborted' : 'completed');
      if (!signal.aborted) {
        reply.end(BEEP.subarray(begun));
      }
    });
  }

  idle(): Promise<void> {
    return Promise.resolve();
  }

  private record(): CallMeter {
    this.records.push(undefined);
    return { number: this.records.length - 1, usage: null, outcome: null } as unknown as CallMeter;
  }

  private close(meter: CallMeter, outcome: Outcome): void {
    meter.outcome = outcome;
    this.records[(meter as unknown as { number: number }).number] = meter.voice();
  }

  private async count<T>(work: () => Promise<T>): Promise<T> {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      return await work();
    } finally {
      this.running -= 1;
    }
  }
}
