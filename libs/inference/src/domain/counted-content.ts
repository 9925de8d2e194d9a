import { parseObject } from './parse-body.js';

const WRAPPED = /"generate_?content_?request"\s*:/i;

/**
 * What Google's `:countTokens` is to count: contents alone, or the whole request that stands in the body.
 *
 * @throws InvalidRequestError (400) when the body is no JSON object
 */
export function countedContent(body: Buffer): Buffer {
  if (!WRAPPED.test(body.toString('latin1'))) {
    return body;
  }
  const json = parseObject(body);
  const whole = json['generateContentRequest'] ?? json['generate_content_request'];
  return typeof whole === 'object' && whole !== null ? Buffer.from(JSON.stringify(whole)) : body;
}
