import { Inject, Injectable } from '@nestjs/common';
import type { Exchange } from '@app/inference';
import { SealedJson } from '@app/responses';
import { type Call, Clock, LOGGER, type Logger, WorkUnderWay } from '@app/shared';
import type { Heard, TranscriptionInput } from '../transcription.request.js';
import { TranscriptionNotFoundError } from './transcription-history.errors.js';
import type {
  RecordContents,
  StoredTranscription,
  TranscriptionRecord,
} from './transcription-record.entity.js';
import {
  type RecordOwner,
  type RecordPage,
  TranscriptionRecordRepository,
} from './transcription-record.repository.js';

const DAY_MS = 86_400_000;
/** Other ids are nobody's, and a store may not even take them. */
const ID = /^[0-9a-f-]{36}$/;

/** What was heard for a project, where it wants that kept. */
@Injectable()
export class TranscriptionHistory {
  private readonly underWay = new WorkUnderWay();

  constructor(
    private readonly records: TranscriptionRecordRepository,
    private readonly sealed: SealedJson,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Goes on behind the answer, which its caller has by then. Never throws: the log tells what was not kept. */
  keep(exchange: Exchange, input: TranscriptionInput, heard: Heard): void {
    const { call, meter } = exchange;
    if (call.transcriptionHistory && meter.outcome === 'completed') {
      this.underWay.add(this.insert(this.recordOf(exchange, input, heard, call.transcriptionHistory)));
    }
  }

  /** Resolves when all is kept. */
  idle(): Promise<void> {
    return this.underWay.idle();
  }

  /** Latest first, and one more than the page has, where there are more. @throws UnreadableRecordError (500), StoreUnavailableError (503) */
  async list(call: Call, { limit, ...page }: RecordPage): Promise<TranscriptionRecord[]> {
    const found = await this.records.list(ownerOf(call), { ...page, limit: limit + 1 }, this.clock.now());
    return found.map(record => this.open(record));
  }

  /** @throws TranscriptionNotFoundError (404), UnreadableRecordError (500), StoreUnavailableError (503) */
  async get(call: Call, id: string): Promise<TranscriptionRecord> {
    const found = ID.test(id) ? await this.records.findById(ownerOf(call), id, this.clock.now()) : null;
    if (!found) {
      throw new TranscriptionNotFoundError(id);
    }
    return this.open(found);
  }

  /** @throws TranscriptionNotFoundError (404), StoreUnavailableError (503) */
  async delete(call: Call, id: string): Promise<void> {
    if (!ID.test(id) || !(await this.records.delete(ownerOf(call), id, this.clock.now()))) {
      throw new TranscriptionNotFoundError(id);
    }
  }

  private async insert(record: TranscriptionRecord): Promise<void> {
    const { model, language, fileName, text, ...head } = record;
    const contents: RecordContents = { model, language, fileName, text };
    try {
      const envelope = this.sealed.seal(JSON.stringify(contents), head.id);
      await this.records.insert({ ...head, envelope });
    } catch (error) {
      const { id: callId, projectId } = record;
      this.logger.error({ err: error, callId, projectId }, 'A transcription was not kept in the history');
    }
  }

  private recordOf(
    { call, meter, route, fileHash = '' }: Exchange,
    { task, file, fields }: TranscriptionInput,
    heard: Heard,
    { days, text }: NonNullable<Call['transcriptionHistory']>,
  ): TranscriptionRecord {
    const createdAt = this.clock.now();
    const [, language = null] = fields.others.find(([name]) => name === 'language') ?? [];
    return {
      id: call.id,
      projectId: call.projectId,
      keyId: call.keyId,
      task,
      provider: route.vendor.id,
      model: route.target.model,
      fileHash,
      seconds: heard.seconds,
      language: heard.language ?? language,
      costNanoUsd: meter.totalNanoUsd(),
      cached: meter.cached,
      createdAt,
      expiresAt: createdAt + days * DAY_MS,
      fileName: file.name,
      text: text ? heard.text : null,
    };
  }

  private open({ envelope, ...head }: StoredTranscription): TranscriptionRecord {
    return { ...head, ...(this.sealed.open(envelope, head.id) as RecordContents) };
  }
}

/** A key that is limited to some models or vendors sees its own alone. */
function ownerOf({ projectId, keyId, permission }: Call): RecordOwner {
  return permission?.limitsKey ? { projectId, keyId } : { projectId };
}
