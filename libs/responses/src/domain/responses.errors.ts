import { GatewayError, InvalidRequestError } from '@app/shared';

/** Characters of a caller's id in an error. */
const SHOWN = 80;

/** 404: expired, deleted, of another project, or never there. */
export class ResponseNotFoundError extends GatewayError {
  constructor(id: string) {
    super(notFound('Response', id), {
      status: 404,
      type: 'invalid_request_error',
      code: 'response_not_found',
      param: 'response_id',
    });
  }
}

/** 404 */
export class ConversationNotFoundError extends GatewayError {
  constructor(id: string) {
    super(notFound('Conversation', id), {
      status: 404,
      type: 'invalid_request_error',
      code: 'conversation_not_found',
      param: 'conversation',
    });
  }
}

/** 404 */
export class ItemNotFoundError extends GatewayError {
  constructor(id: string, param = 'item_id') {
    super(notFound('Item', id), {
      status: 404,
      type: 'invalid_request_error',
      code: 'item_not_found',
      param,
    });
  }
}

/** 400, as OpenAI says it. */
export class PreviousResponseNotFoundError extends InvalidRequestError {
  constructor(id: string) {
    super(
      `${notFound('Previous response', id)} Send the conversation itself as 'input'.`,
      'previous_response_id',
      'previous_response_not_found',
    );
  }
}

/** 400: it ended without an answer, or has not ended yet. */
export class PreviousResponseUnfinishedError extends InvalidRequestError {
  constructor(id: string, status: string) {
    super(
      `The response '${id.slice(0, SHOWN)}' is ${status}, so nothing can go on from it. Use one that is completed.`,
      'previous_response_id',
      'previous_response_not_completed',
    );
  }
}

/** 400: what one record may hold is limited, since it is opened and sealed as a whole. */
export class TooLargeToKeepError extends InvalidRequestError {
  constructor(bytes: number, limitBytes: number) {
    super(
      `This would be kept in ${bytes} bytes, and ${limitBytes} are allowed (AI_GATEWAY_RESPONSES_LIMIT_BYTES). Send less, ` +
        "or 'store': false.",
      'store',
      'too_large_to_keep',
    );
  }
}

/** 400: what was said before it stands in the conversation alone. */
export class PreviousResponseInConversationError extends InvalidRequestError {
  constructor(id: string, conversationId: string) {
    super(
      `The response '${id.slice(0, SHOWN)}' belongs to a conversation. Send 'conversation': '${conversationId}' instead.`,
      'previous_response_id',
      'response_in_conversation',
    );
  }
}

/** 400: no request could carry it. */
export class ContextTooLargeError extends InvalidRequestError {
  constructor(param: string, size: string) {
    super(
      `What was said before is too much for one request: ${size}. Begin anew with a summary as 'input'.`,
      param,
      'context_too_large',
    );
  }
}

/** 400 */
export class NotCancellableError extends InvalidRequestError {
  constructor() {
    super("Only a response that was asked for with 'background': true can be cancelled.", 'response_id');
  }
}

/** 500: its encryption key left the ring, or the record was altered. */
export class UnreadableRecordError extends GatewayError {
  constructor(id: string, cause: unknown) {
    super(
      `'${id}' cannot be decrypted. Put the encryption key that it was sealed with back into ` +
        'AI_GATEWAY_SECURITY_ENCRYPTION_KEYS.',
      { status: 500, type: 'api_error', code: 'unreadable_record', shouldRetry: false, cause },
    );
  }
}

function notFound(what: string, id: string): string {
  return `${what} with id '${id.slice(0, SHOWN)}' not found.`;
}
