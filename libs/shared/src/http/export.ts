import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '../logging/logger.js';
import { CSV_TYPE, csvLine } from './csv.js';

/** `jsonl` and `ndjson` are two names of one format: a JSON object on each line. */
export const EXPORT_FORMATS = ['ndjson', 'jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const JSON_LINES_TYPE = 'application/x-ndjson; charset=utf-8';

/** What is exported, and as what. */
export interface Export<Entry> {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly format: ExportFormat;
  /** Of the CSV, in their order. */
  readonly columns: readonly (keyof Entry)[];
}

/** The text of entries, a piece for each page. */
export async function* exported<Entry extends object>(
  pages: AsyncIterable<readonly Entry[]>,
  { format, columns }: Omit<Export<Entry>, 'name'>,
): AsyncGenerator<string> {
  if (format === 'csv') {
    yield csvLine(columns);
  }
  const lineOf = (entry: Entry): string =>
    format === 'csv' ? csvLine(columns.map(column => entry[column])) : `${JSON.stringify(entry)}\n`;
  for await (const page of pages) {
    yield page.map(lineOf).join('');
  }
}

/**
 * Answers with all pages, read no faster than the client takes them. What fails from the second page on breaks the answer
 * off, so that nobody takes it for whole.
 *
 * @throws what the first page throws: nothing is sent then
 */
export async function sendExport<Entry extends object>(
  response: ServerResponse,
  pages: AsyncGenerator<readonly Entry[]>,
  { name, format, columns }: Export<Entry>,
  log: Logger,
): Promise<void> {
  const first = await pages.next(); // a store that does not answer is an error with a status yet
  response.writeHead(200, {
    'content-type': format === 'csv' ? CSV_TYPE : JSON_LINES_TYPE,
    'content-disposition': `attachment; filename="${name}.${format}"`,
    'cache-control': 'no-store',
  });
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    const all = startingWith<readonly Entry[]>(first.value ?? [], pages);
    await pipeline(exported(all, { format, columns }), response);
  } catch (error) {
    log.warn({ err: error, export: name }, 'An export broke off.'); // its reader has seen that: the answer has no end
  }
}

async function* startingWith<Value>(first: Value, rest: AsyncIterable<Value>): AsyncGenerator<Value> {
  yield first;
  yield* rest;
}
