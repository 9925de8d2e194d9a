import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import { callOf, type ProjectRequest } from '@app/shared';
import type { StateVisit } from '../domain/responses/state-requests.js';
import { parseObject } from '../domain/parse-body.js';
import { readBody } from './body.reader.js';

export type StateRequest = Request & ProjectRequest;

/** A request about something that is kept. */
export function visitOf(request: StateRequest, reply: ServerResponse): StateVisit {
  return { call: callOf(request), request, reply, origin: `${request.protocol}://${request.host}` };
}

/** The JSON object that was sent; an empty one when nothing was. @throws GatewayError (400, 413, 415) */
export async function objectIn(request: StateRequest): Promise<Readonly<Record<string, unknown>>> {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const isEmpty = length === '0' && encoding === undefined;
  return isEmpty ? {} : parseObject(await readBody(request, callOf(request).bodyLimitBytes));
}
