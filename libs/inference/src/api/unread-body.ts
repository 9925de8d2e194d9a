import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a caller may go on sending what is not wanted, in ms. */
const LINGER_MS = 1000;
/** The rest of a small body is read and thrown away, so that the connection can be used again. */
const SMALL_BYTES = 64 * 1024;

/** An answer that does not wait for the body of its request. */
export class EarlyAnswer {
  /** More of the body may come. */
  private readonly isUnread: boolean;
  /** The rest is not worth reading: say so with `Connection: close`. */
  readonly closes: boolean;

  /** @param isFinal nothing more of this connection is wanted */
  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    isFinal: boolean,
  ) {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    this.isUnread = !request.complete && (length !== undefined || encoding !== undefined);
    this.closes = this.isUnread && (isFinal || encoding !== undefined || Number(length) > SMALL_BYTES);
  }

  /** Closing at once would reset the connection of a caller who is still sending, and lose the answer on its way. */
  end(body: Buffer): void {
    const { request, response, isUnread, closes } = this;
    if (!isUnread) {
      response.end(body);
      return;
    }
    const cut = (): void => {
      clearTimeout(timer);
      response.end();
      if (!request.complete) {
        request.destroy();
      }
    };
    const timer = setTimeout(cut, LINGER_MS);
    request.once('end', cut).once('close', cut).resume();
    if (closes) {
      response.write(body);
    } else {
      response.end(body);
    }
  }
}
