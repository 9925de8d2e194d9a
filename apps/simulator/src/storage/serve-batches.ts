import { checkHeaders } from '../anthropic-messages/check-request.js';
import { anthropicMessages } from '../anthropic-messages/dialect.js';
import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { vendorCall } from '../http/vendor-call.js';
import { asObject, asText } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { World } from '../world.js';
import type { Batch } from './file-cabinet.js';
import { notFound, pageOf, partsBehind, storageCall } from './storage-call.js';

const ENDPOINTS = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/completions',
  '/v1/moderations',
];

/** OpenAI's batches: create, list, retrieve, cancel. One is done as soon as somebody asks for it. */
export function serveBatches(exchange: Exchange, world: World): Promise<void> {
  return storageCall(exchange, world, vendor => {
    const { method } = exchange.request;
    const [id, sub] = partsBehind('/v1/batches', exchange);
    if (id === undefined) {
      return method === 'POST' ? begin(exchange, world, vendor) : list(exchange, world, vendor);
    }
    const batch = world.files.findBatch(vendor, id);
    if (!batch) {
      throw notFound('batch', id);
    }
    if (sub === 'cancel') {
      batch.status = 'cancelled';
    } else {
      finish(batch, world);
    }
    return viewOf(batch);
  });
}

/** Anthropic's list of message batches, which is empty: nobody can make one here. */
export async function serveMessageBatches(exchange: Exchange, world: World): Promise<void> {
  const headers = anthropicMessages.responseHeaders(world.nextId());
  await vendorCall(exchange, anthropicMessages, headers, async () => {
    checkHeaders(exchange.received.headers);
    if (exchange.request.method !== 'GET' || partsBehind('/v1/messages/batches', exchange).length > 0) {
      throw new Refusal(404, 'There is no such batch.');
    }
    const body = JSON.stringify({ data: [], has_more: false, first_id: null, last_id: null });
    await exchange.reply.send(200, { 'content-type': 'application/json', ...headers }, body);
  });
}

async function begin(exchange: Exchange, world: World, vendor: string): Promise<object> {
  const body = await readJson(exchange, world.traffic);
  const endpoint = asText(body.endpoint);
  require400(ENDPOINTS.includes(endpoint), `Invalid value: '${endpoint}'.`, { param: 'endpoint' });
  require400(body.completion_window === '24h', "Invalid 'completion_window': use '24h'.", {
    param: 'completion_window',
  });
  const input = world.files.find(vendor, asText(body.input_file_id));
  require400(input?.purpose === 'batch', "'input_file_id' must name a file with purpose 'batch'.", {
    param: 'input_file_id',
  });
  return viewOf(world.files.begin(vendor, endpoint, input));
}

function list({ url }: Exchange, { files }: World, vendor: string): object {
  return pageOf(files.batchesOf(vendor), url.searchParams, viewOf);
}

function finish(batch: Batch, world: World): void {
  if (batch.status !== 'validating') {
    return;
  }
  const lines = linesOf(batch).map((line, index) => {
    const { custom_id, body } = asObject(JSON.parse(line));
    const message = { role: 'assistant', content: `This is the answer to ${asText(custom_id)}.` };
    const answer = {
      object: 'chat.completion',
      model: asObject(body).model,
      choices: [{ index: 0, message }],
    };
    return JSON.stringify({
      id: `req_${index}`,
      custom_id,
      response: { status_code: 200, body: answer },
      error: null,
    });
  });
  const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''));
  const { vendor, id } = batch;
  batch.output = world.files.add({ vendor, name: `${id}_output.jsonl`, purpose: 'batch_output', bytes });
  batch.status = 'completed';
}

function linesOf({ input }: Batch): string[] {
  return input.bytes
    .toString()
    .split('\n')
    .filter(line => line.trim() !== '');
}

function viewOf(batch: Batch): object {
  const total = linesOf(batch).length;
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    input_file_id: batch.input.id,
    output_file_id: batch.output?.id ?? null,
    error_file_id: null,
    completion_window: '24h',
    status: batch.status,
    created_at: batch.createdAt,
    request_counts: { total, completed: batch.status === 'completed' ? total : 0, failed: 0 },
  };
}
