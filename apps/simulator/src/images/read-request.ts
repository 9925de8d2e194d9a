import multer from 'multer';
import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { parseForm } from '../http/form.js';
import type { JsonObject } from '../json.js';
import { asList, asText } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { Traffic } from '../traffic.js';
import { words } from '../words.js';

const KNOWN = words(
  `background image images input_fidelity mask model moderation n output_compression output_format partial_images prompt
  quality response_format safety_identifier size stream style user`,
);
const MOST_IMAGES = 16;

export interface ImagesRequest {
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  readonly size: string;
  readonly stream: boolean;
  readonly partialImages: number;
  /** Pictures that were sent. */
  readonly images: number;
}

const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 50 * 1024 * 1024 } }).any();

/** Reads JSON or a form, and refuses what OpenAI would. */
export async function readImagesRequest(
  exchange: Exchange,
  traffic: Traffic,
  task: string,
): Promise<ImagesRequest> {
  const isForm = (exchange.received.headers['content-type'] ?? '').startsWith('multipart/form-data');
  const { fields, images } = isForm ? await readForm(exchange, traffic) : await readBody(exchange, traffic);
  const model = asText(fields.model);
  const count = Number(fields.n ?? 1);
  require400(model !== '', 'you must provide a model parameter', { param: 'model' });
  if (model === 'no-such-model') {
    throw new Refusal(404, `The model '${model}' does not exist.`, { code: 'model_not_found' });
  }
  const unknown = Object.keys(fields).find(name => !KNOWN.has(name));
  require400(!unknown, `Unknown parameter: '${unknown}'.`, {
    param: unknown ?? '',
    code: 'unknown_parameter',
  });
  require400(
    !model.startsWith('gpt-image') || fields.response_format === undefined,
    "Unknown parameter: 'response_format'.",
    { param: 'response_format', code: 'unknown_parameter' },
  );
  require400(count >= 1 && count <= 10, "Invalid 'n': expected a number from 1 to 10.", { param: 'n' });
  require400(task === 'variations' || asText(fields.prompt) !== '', "Missing required parameter: 'prompt'.", {
    param: 'prompt',
  });
  require400(task === 'generations' || images > 0, "Missing required parameter: 'image'.", {
    param: 'image',
  });
  require400(images <= MOST_IMAGES, 'Too many images.', { param: 'image' });
  return {
    model,
    prompt: asText(fields.prompt),
    count,
    size: asText(fields.size) || '1024x1024',
    stream: fields.stream === true || fields.stream === 'true',
    partialImages: Number(fields.partial_images ?? 0),
    images,
  };
}

async function readBody(
  exchange: Exchange,
  traffic: Traffic,
): Promise<{ fields: JsonObject; images: number }> {
  const fields = await readJson(exchange, traffic);
  return { fields, images: asList(fields.images).length };
}

async function readForm(
  exchange: Exchange,
  traffic: Traffic,
): Promise<{ fields: JsonObject; images: number }> {
  const { fields, files } = await parseForm(exchange, upload);
  const shown = files.map(({ fieldname, originalname, size }) => ({
    field: fieldname,
    name: originalname,
    bytes: size,
  }));
  traffic.receiveBody(exchange.received, { ...fields, files: shown }, 0);
  return { fields, images: files.filter(isPicture).length };
}

function isPicture({ fieldname }: Express.Multer.File): boolean {
  return fieldname === 'image' || fieldname === 'image[]';
}
