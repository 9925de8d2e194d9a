import type { JsonObject } from '../json.js';
import { asText } from '../json.js';
import { Refusal, require400 } from '../refusal.js';

/** The model named in a body. */
export function checkModel(body: JsonObject): string {
  const model = asText(body.model);
  require400(model !== '', 'you must provide a model parameter', { param: 'model' });
  if (model === 'no-such-model') {
    throw new Refusal(404, `The model \`${model}\` does not exist or you do not have access to it.`);
  }
  return model;
}

/** `status` is 422 at the vendors whose server is FastAPI. */
export function refuseUnknown(body: JsonObject, known: ReadonlySet<string>, status = 400): void {
  const unknown = Object.keys(body).find(name => !known.has(name));
  if (unknown !== undefined) {
    throw new Refusal(status, `Unrecognized request argument supplied: ${unknown}`, { param: unknown });
  }
}

export function checkTexts(value: unknown, field: string, most: number): readonly string[] {
  require400(Array.isArray(value) && value.length > 0, `'${field}' must be a list of texts.`, {
    param: field,
  });
  const texts = value as readonly unknown[];
  require400(texts.length <= most, `'${field}' may have at most ${most} entries.`, { param: field });
  require400(
    texts.every(text => typeof text === 'string' && text !== ''),
    `'${field}' must hold texts that are not empty.`,
    { param: field },
  );
  return texts as readonly string[];
}

export function checkWhole(body: JsonObject, field: string, most: number): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) {
    return undefined;
  }
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
  require400(fits, `Invalid '${field}': expected a whole number from 1 to ${most}.`, { param: field });
  return value as number;
}

/** The error shape of FastAPI: `detail` alone. */
export function detailBody({ message, details, status }: Refusal): unknown {
  return status === 422
    ? { detail: [{ type: 'extra_forbidden', loc: ['body', details.param], msg: message }] }
    : { detail: message };
}
