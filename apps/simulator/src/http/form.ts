import type { Request, RequestHandler, Response } from 'express';
import type { JsonObject } from '../json.js';
import { asObject } from '../json.js';
import { Refusal } from '../refusal.js';
import type { Exchange } from './exchange.js';

interface ParsedForm {
  readonly fields: JsonObject;
  readonly files: readonly Express.Multer.File[];
}

const unreadable = (): Refusal => new Refusal(400, 'Could not parse multipart form.');

/**
 * Reads a multipart form as it comes in; its fields may stand in any order.
 *
 * @param upload multer's: what becomes of the files
 * @param refusalOf what is said of a form that cannot be read
 */
export async function parseForm(
  { request }: Exchange,
  upload: RequestHandler,
  refusalOf: (error: unknown) => Refusal = unreadable,
): Promise<ParsedForm> {
  const parsed = request as Request;
  await new Promise<void>((resolve, reject) => {
    upload(parsed, {} as Response, (error: unknown) => (error ? reject(refusalOf(error)) : resolve()));
  });
  const files = parsed.file ? [parsed.file] : ((parsed.files ?? []) as readonly Express.Multer.File[]);
  return { fields: asObject({ ...(parsed.body as object | undefined) }), files };
}
