import type { UpstreamError } from '@app/shared';
import type { StreamEvent } from '../domain/answer.js';
import type { StreamReader } from '../domain/dialect.js';

/** A stream of which half must not look like all: where the model stopped for any reason but its end, that is an error. */
export class FinishedReader implements StreamReader {
  /** @param unfinished what is said then; `why` in the vendor's word, null where it gives none */
  constructor(
    private readonly reader: StreamReader,
    private readonly unfinished: (why: string | null) => UpstreamError,
  ) {}

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    this.reader.read(data, type, out);
  }

  end(out: StreamEvent[]): void {
    this.reader.end(out);
    const at = out.findIndex(({ kind }) => kind === 'finish');
    const event = out[at];
    if (event?.kind === 'finish' && event.finish.reason !== 'stop') {
      out.splice(at + 1, Infinity, asEvent(this.unfinished(event.finish.native)));
    }
  }
}

/** An error of ours, as one that a stream tells. */
export function asEvent({ message, code, upstreamStatus: status }: UpstreamError): StreamEvent {
  return { kind: 'error', message, code, status };
}
