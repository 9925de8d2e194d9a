import type { GenerationRequest } from '@app/dialects';

/** What a pass that leaves something out goes by. */
export interface Cutting {
  /** So many characters at the beginning of the prompt are left alone. */
  readonly after: number;
  /** Wire format that the vendor is asked in. */
  readonly dialect: string;
}

/** A request of which something was left out. */
export interface Shortened {
  /** The very same when there was nothing to leave out. */
  readonly request: GenerationRequest;
  /** So many less, estimated. */
  readonly tokens: number;
}
