/** A record whose contents lie in an envelope. */
export interface SealedRecord {
  /** What the envelope is bound to. */
  readonly id: string;
  readonly projectId: string;
  readonly envelope: string;
}

/** Port: records of one kind, of all projects, that an encryption key seals. It sees envelopes, never contents. */
export abstract class SealedRecords {
  /** What they are, as operators read it. */
  abstract readonly kind: string;
  /** At most `limit`, also expired ones, by id, behind the one with the id `after`. */
  abstract listSealed(limit: number, after?: string): Promise<SealedRecord[]>;
  /** False when the envelope is not `from` any more, or the record is gone. */
  abstract replaceEnvelope(id: string, from: string, to: string): Promise<boolean>;
}

/** In ms: no caller waits for these, and envelopes may have megabytes. */
export const SEALED_DEADLINES_MS = { listSealed: 30_000, replaceEnvelope: 30_000 } as const;

/** Version, key and nonce. */
const HEAD_LENGTH = 64;

/** The beginning of an envelope, which no two share: a statement has no room for two large ones as they are. */
export function headOf(envelope: string): string {
  return envelope.slice(0, HEAD_LENGTH);
}
