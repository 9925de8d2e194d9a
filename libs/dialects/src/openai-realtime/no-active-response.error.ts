import { InvalidRequestError } from '@app/shared';

/** 400: there is nothing to break off. In OpenAI's words. */
export class NoActiveResponseError extends InvalidRequestError {
  constructor() {
    super('Cancellation failed: no active response found', null, 'response_cancel_not_active');
  }
}
