import { eventsIn } from '@app/shared';

/** Puts the events of one stream, which all dialects write as server-sent ones, into the frame that a caller wants. */
export interface StreamFraming {
  readonly contentType: string;
  /** Sent into a long silence; says nothing. Null where any byte says something. */
  readonly ping: string | null;
  /** It has no words for a failure: the connection is cut. */
  readonly isMute?: boolean;
  /** @param events whole ones */
  next(events: Buffer | string): Buffer | string;
  /** The last events, which may be none. */
  last(events: Buffer | string): Buffer | string;
}

/** One JSON array that grows: Google's form of a stream for callers that did not ask for `alt=sse`. */
export class JsonArrayFraming implements StreamFraming {
  readonly contentType = 'application/json; charset=utf-8';
  readonly ping = '\n';
  private opened = false;

  next(events: Buffer | string): string {
    let text = '';
    for (const { data } of eventsIn(events)) {
      text += (this.opened ? ',\r\n' : '[') + data;
      this.opened = true;
    }
    return text;
  }

  last(events: Buffer | string): string {
    const text = this.next(events);
    return this.opened ? `${text}]` : '[]';
  }
}
