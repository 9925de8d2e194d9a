import type { Answer, StreamEvent, StreamReader, Usage, VendorDialect } from '@app/dialects';

const NOTHING_USED: Usage = { inputTokens: 0, outputTokens: 0 };

/** Reads an answer that was paid before: as that of another call, with an id of its own, which used nothing. */
export function unbilled(dialect: VendorDialect): VendorDialect {
  return {
    ...dialect,
    readAnswer: (body, target) => ofAnotherCall(dialect.readAnswer(body, target)),
    streamReader: (target, spoken) => new UnbilledReader(dialect.streamReader(target, spoken)),
  };
}

function ofAnotherCall({ created: _created, native, ...answer }: Answer): Answer {
  const isAll = native?.dialect === 'openai-responses'; // the object itself, with its ids and what it used
  return { ...answer, id: '', usage: NOTHING_USED, ...(native && !isAll && { native }) };
}

class UnbilledReader implements StreamReader {
  constructor(private readonly reader: StreamReader) {}

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    const from = out.length;
    this.reader.read(data, type, out);
    rewrite(out, from);
  }

  end(out: StreamEvent[]): void {
    const from = out.length;
    this.reader.end(out);
    rewrite(out, from);
  }
}

function rewrite(events: StreamEvent[], from: number): void {
  for (let at = from; at < events.length; at += 1) {
    const event = events[at];
    if (event?.kind === 'usage') {
      events[at] = { kind: 'usage', usage: NOTHING_USED };
    } else if (event?.kind === 'start') {
      events[at] = { kind: 'start', id: '', model: event.model };
    }
  }
}
