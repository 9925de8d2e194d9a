import { InvalidRequestError } from '@app/shared';

/**
 * No answer of a vendor is kept here; those that OpenAI keeps are asked for at OpenAI itself.
 *
 * @throws InvalidRequestError (400), always
 */
export function refuseKept(id: string): never {
  throw new InvalidRequestError(
    `The gateway keeps no responses, so it has no '${id.slice(0, 80)}'. Send 'store': false and the whole conversation ` +
      'as input; what OpenAI keeps is at OpenAI itself, below /openai/v1/responses/.',
    'response_id',
    'response_not_kept',
  );
}
