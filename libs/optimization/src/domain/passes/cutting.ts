import type { GenerationRequest } from '@app/dialects';

/** What a pass that leaves something out goes by. */
export interface Cutting {
  /** So many characters at the beginning of the prompt are left alone. */
  readonly after: number;
  /** Wire format that the vendor is asked in. */
  readonly dialect: string;
  /** Whether each of its texts can be replaced where its caller wrote it; absent: all of them can. */
  readonly placed?: readonly boolean[] | undefined;
}

/** A request of which something was left out. */
export interface Shortened {
  /** The very same when there was nothing to leave out. */
  readonly request: GenerationRequest;
  /** So many less, estimated. */
  readonly tokens: number;
}
