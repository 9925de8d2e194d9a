import multer from 'multer';
import type { Exchange } from '../http/exchange.js';
import { parseForm } from '../http/form.js';
import { asText } from '../json.js';
import { require400 } from '../refusal.js';
import type { World } from '../world.js';
import type { StoredFile } from './file-cabinet.js';
import { notFound, pageOf, partsBehind, storageCall } from './storage-call.js';

const MOST_FILE_BYTES = 512 * 1024 * 1024;
const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'];

const upload = multer({
  storage: multer.memoryStorage(),
  defParamCharset: 'utf8',
  limits: { fileSize: MOST_FILE_BYTES },
}).single('file');

/** OpenAI's files: upload, list, retrieve, content, delete. */
export function serveFiles(exchange: Exchange, world: World): Promise<void> {
  return storageCall(exchange, world, vendor => {
    const { method } = exchange.request;
    const [id, sub] = partsBehind('/v1/files', exchange);
    if (id === undefined) {
      return method === 'POST' ? keep(exchange, world, vendor) : list(exchange, world, vendor);
    }
    const file = world.files.find(vendor, id);
    if (!file) {
      throw notFound('File object', id);
    }
    if (sub === 'content') {
      return sendContent(exchange, file);
    }
    if (method === 'DELETE') {
      world.files.remove(file);
      return { id, object: 'file', deleted: true };
    }
    return viewOf(file);
  });
}

async function keep(exchange: Exchange, world: World, vendor: string): Promise<object> {
  const {
    fields,
    files: [file],
  } = await parseForm(exchange, upload);
  const purpose = asText(fields.purpose);
  world.traffic.receiveBody(
    exchange.received,
    { ...fields, ...(file && { file: { name: file.originalname, bytes: file.size } }) },
    0,
  );
  require400(file !== undefined, "'file' is a required property", { param: 'file' });
  require400(PURPOSES.includes(purpose), `'${purpose}' is not one of ['${PURPOSES.join("', '")}']`, {
    param: 'purpose',
  });
  return viewOf(world.files.add({ vendor, name: file.originalname, purpose, bytes: file.buffer }));
}

function list({ url }: Exchange, { files }: World, vendor: string): object {
  const purpose = url.searchParams.get('purpose');
  const wanted = files.filesOf(vendor).filter(file => purpose === null || file.purpose === purpose);
  return pageOf(wanted, url.searchParams, viewOf);
}

async function sendContent({ reply }: Exchange, { bytes, name }: StoredFile): Promise<null> {
  reply.start(200, {
    'content-type': 'application/octet-stream',
    'content-length': bytes.length,
    'content-disposition': `attachment; filename="${encodeURIComponent(name)}"`,
  });
  if (await reply.write(bytes)) {
    reply.end();
  }
  return null;
}

function viewOf({ id, name, purpose, createdAt, bytes }: StoredFile): object {
  return {
    id,
    object: 'file',
    bytes: bytes.length,
    created_at: createdAt,
    filename: name,
    purpose,
    status: 'processed',
  };
}
