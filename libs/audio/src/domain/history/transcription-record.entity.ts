import type { ListeningTask } from '../transcription.fields.js';

/** A recording that was heard for a project, for as long as the project keeps that. */
export interface TranscriptionRecord extends RecordHead, RecordContents {}

/** What the store may see of it. */
export interface RecordHead {
  /** The call's: a UUIDv7. */
  readonly id: string;
  readonly projectId: string;
  readonly keyId: string;
  readonly task: ListeningTask;
  /** Vendor id. */
  readonly provider: string;
  /** SHA-256 of the file, hex. */
  readonly fileHash: string;
  /** How long the recording is, in seconds; null when nobody knows. */
  readonly seconds: number | null;
  /** Null when a price is not known. */
  readonly costNanoUsd: number | null;
  /** It was heard before, and no vendor was asked. */
  readonly cached: boolean;
  /** Unix ms, as the next. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What is sealed of it: names that vendors and callers chose, of any length, and what was said. */
export interface RecordContents {
  /** The vendor's name of it. */
  readonly model: string;
  /** As the vendor names it, else as the caller did; null when neither does. */
  readonly language: string | null;
  /** As the caller named it. */
  readonly fileName: string;
  /** What was said; null where the project does not keep it. */
  readonly text: string | null;
}

/** As it is stored. */
export interface StoredTranscription extends RecordHead {
  readonly envelope: string;
}
