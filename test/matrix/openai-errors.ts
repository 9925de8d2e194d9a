import {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import type { Words } from './client.js';

const CLASSES: Readonly<Record<number, ReturnType<Words['errorClass']>>> = {
  400: BadRequestError,
  401: AuthenticationError,
  404: NotFoundError,
  429: RateLimitError,
};

/** What OpenAI's SDK throws for a status; 0 is an error in a stream. */
export function openAiErrors(status: number): ReturnType<Words['errorClass']> {
  return CLASSES[status] ?? (status >= 500 ? InternalServerError : APIError);
}
