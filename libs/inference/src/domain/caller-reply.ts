/**
 * The caller's side of an HTTP answer, as much as the pipeline needs of it (Node's `ServerResponse` fits). Answers are
 * written here directly: handing objects back through the framework costs a third of a bare proxy's time.
 */
export interface CallerReply {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** For answers that are written elsewhere; absent where nobody reads headers. */
  setHeader?(name: string, value: string | number): unknown;
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  /** False when the caller reads too slowly; `drain` says when to go on. */
  write(chunk: Buffer | string): boolean;
  end(chunk?: Buffer | string): unknown;
  /** Cuts the connection: an answer that has no words for a failure must not end in order. Absent where there is none. */
  destroy?(): unknown;
  once(event: 'drain', listener: () => void): unknown;
}
