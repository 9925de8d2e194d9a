import type { GatewayError } from '@app/shared';
import { annotation, type Exchange } from '../exchange.js';
import { noFacts } from '../stream-facts.js';
import type { StreamTransform } from '../stream-relay.js';
import type { Retelling, WrittenStream } from './retellings.js';
import type { ToldOf, WrittenText } from './written-text.js';

/** A stream that was written before: each piece of the vendor's stands for what was written of it. */
export class RetoldStream implements StreamTransform {
  readonly failure = null;
  private told = 0;
  private readonly about: ToldOf;

  /** @param again translates it once more, for a failure, whose words may depend on what was said before it */
  constructor(
    private readonly exchange: Exchange,
    private readonly written: WrittenStream,
    private readonly tape: Retelling['tape'],
    private readonly again: () => StreamTransform,
  ) {
    this.about = { id: exchange.call.id, llmhub: () => annotation(exchange, written.facts.usage) };
  }

  get token(): RegExp {
    return this.exchange.route.dialect.token;
  }

  get facts(): WrittenStream['facts'] {
    const { facts, wholeWith } = this.written;
    return this.told < wholeWith ? { ...noFacts(), model: facts.model } : facts;
  }

  push(): string {
    const piece = this.written.pieces[this.told] as WrittenText;
    this.told += 1;
    return piece.for(this.about);
  }

  end(): string {
    return this.written.rest.for(this.about);
  }

  fail(error: GatewayError): string | null {
    const stream = this.again();
    this.tape.pieces.slice(0, this.told).forEach(piece => stream.push(piece));
    return stream.fail?.(error) ?? null;
  }
}
