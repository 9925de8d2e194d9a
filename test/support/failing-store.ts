/** A database server of a test's own, to stop, freeze and start again on the same port with the same data. */
export interface FailingStore {
  /** Settings of a gateway that uses it. */
  readonly environment: Record<string, string>;
  start(): Promise<void>;
  /** At once, without a word to its clients. */
  kill(): Promise<void>;
  /** It keeps its connections, and says nothing any more. */
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
}
