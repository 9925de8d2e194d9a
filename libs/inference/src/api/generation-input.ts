import type { ServerResponse } from 'node:http';
import { callOf, type ProjectRequest } from '@app/shared';
import type { GenerationInput } from '../domain/generation-input.js';
import { readBody } from './body.reader.js';

/** The text request of an endpoint: its body comes as fast as the caller sends it. */
export function inputOf(
  request: ProjectRequest,
  reply: ServerResponse,
  asked: Pick<GenerationInput, 'dialect' | 'endpoint'>,
): GenerationInput {
  const call = callOf(request);
  return { ...asked, call, body: readBody(request, call.bodyLimitBytes), reply };
}
