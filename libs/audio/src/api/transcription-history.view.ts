import { usdOf } from '@app/shared';
import type { TranscriptionRecord } from '../domain/history/transcription-record.entity.js';
import type { TranscriptionList, TranscriptionView } from './transcription-history.dto.js';

export function toView(record: TranscriptionRecord): TranscriptionView {
  const { id, costNanoUsd } = record;
  return {
    id,
    object: 'audio.transcription',
    request_id: id,
    created_at: Math.floor(record.createdAt / 1000),
    expires_at: Math.floor(record.expiresAt / 1000),
    task: record.task,
    provider: record.provider,
    model: record.model,
    file_hash: record.fileHash,
    file_name: record.fileName,
    duration: record.seconds,
    language: record.language,
    cost: costNanoUsd === null ? null : usdOf(costNanoUsd),
    cached: record.cached,
    text: record.text,
  };
}

/** As OpenAI lists. @param found one more than the page has, where there are more */
export function toList(found: readonly TranscriptionRecord[], limit: number): TranscriptionList {
  const data = found.slice(0, limit).map(toView);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
  };
}
