import type { UsageRecord } from '../domain/usage-record.entity.js';
import { CSV_TYPE } from './csv.interceptor.js';
import { csvLine } from './csv.js';
import type { EXPORT_FORMATS, UsageView } from './usage.dto.js';
import { toUsageView } from './usage.view.js';

/** Of each field, so that none is forgotten. */
const COLUMNS = Object.keys({
  id: 1,
  receivedAt: 1,
  projectId: 1,
  keyId: 1,
  endpoint: 1,
  provider: 1,
  modelAsked: 1,
  modelUsed: 1,
  modelSent: 1,
  upstreamId: 1,
  stream: 1,
  outcome: 1,
  status: 1,
  finish: 1,
  errorCode: 1,
  inputTokens: 1,
  cacheReadTokens: 1,
  cacheWriteTokens: 1,
  outputTokens: 1,
  reasoningTokens: 1,
  audioInputTokens: 1,
  audioOutputTokens: 1,
  audioMs: 1,
  billed: 1,
  estimated: 1,
  costNanoUsd: 1,
  budgetCharges: 1,
  priceExact: 1,
  priceVersion: 1,
  latencyMs: 1,
  firstTokenMs: 1,
  voice: 1,
  attempts: 1,
  cached: 1,
  savedNanoUsd: 1,
} satisfies Record<keyof UsageView, 1>) as (keyof UsageView)[];

type Format = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPE: Readonly<Record<Format, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: CSV_TYPE,
};

/** The text of records, a piece for each page. */
export async function* exported(
  pages: AsyncIterable<readonly UsageRecord[]>,
  format: Format,
): AsyncGenerator<string> {
  if (format === 'csv') {
    yield csvLine(COLUMNS);
  }
  const lineOf = format === 'csv' ? csvRow : jsonLine;
  for await (const page of pages) {
    yield page.map(record => lineOf(toUsageView(record))).join('');
  }
}

function csvRow(usage: UsageView): string {
  return csvLine(COLUMNS.map(column => usage[column]));
}

function jsonLine(usage: UsageView): string {
  return `${JSON.stringify(usage)}\n`;
}
