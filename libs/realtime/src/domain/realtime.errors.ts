import { GatewayError, InvalidRequestError } from '@app/shared';

/** 400: nobody there talks like that. */
export class NoLiveModelError extends InvalidRequestError {
  constructor(model: string) {
    super(
      `The model '${model.slice(0, 200)}' cannot be talked to: it has no sessions, and writes no text. ` +
        'GET /v1/models lists the models; take one made for realtime sessions, or for text.',
      'model',
      'no_realtime_model',
    );
  }
}

/** 400: no vendor of the model can be asked. */
export class NoWayToModelError extends InvalidRequestError {
  constructor(model: string, { message, code }: GatewayError) {
    super(`No session with '${model.slice(0, 200)}' could be opened. ${message}`, 'model', code ?? undefined);
  }
}

/** 400: the beta's sessions had no such thing, or today's have none. */
export class OlderFieldError extends InvalidRequestError {
  constructor(name: string) {
    super(
      `'${name.slice(0, 200)}' is nothing that both a session of OpenAI's beta had and one of today has. Leave it out, or describe ` +
        'the session in the words of today: `POST /v1/realtime/client_secrets`.',
      name.slice(0, 200),
      'unknown_parameter',
    );
  }
}

/** 400: what a session costs, and what its key may do, was decided with its model. */
export class OtherModelError extends InvalidRequestError {
  constructor(asked: string, own: string) {
    super(
      `This session is with '${own}', and cannot change to '${asked.slice(0, 200)}'. Open another one for that.`,
      'session.model',
      'session_model_fixed',
    );
  }
}

/** 400: a vendor has speech written down by its own models. */
export class OtherTranscriberError extends InvalidRequestError {
  constructor(asked: string, vendor: string) {
    super(
      `This session is at '${vendor}', which writes down what is said with its own models, and not with '${asked.slice(0, 200)}'. ` +
        'Open one with `?intent=transcription` whose first `session.update` names that model, or name one of theirs.',
      'session.audio.input.transcription.model',
      'other_vendors_model',
    );
  }
}

/** 400: it neither has sessions for that, nor hears recordings. */
export class NoTranscriberError extends InvalidRequestError {
  constructor(model: string) {
    super(
      `The model '${model.slice(0, 200)}' does not write down what is said. Name one that /v1/audio/transcriptions takes, ` +
        "such as 'openai/gpt-4o-transcribe', 'groq/whisper-large-v3' or 'google/gemini-2.5-flash'.",
      'model',
      'no_transcription_model',
    );
  }
}

/** 400: the ephemeral key was made for the other one. */
export class OtherSessionTypeError extends InvalidRequestError {
  constructor(own: string) {
    super(
      `This ephemeral key is for sessions of the type '${own}'. Make another one for this.`,
      'intent',
      'session_type_fixed',
    );
  }
}

/** 400: the ephemeral key names one. */
export class OtherKeyModelError extends InvalidRequestError {
  constructor(asked: string, own: string) {
    super(
      `This ephemeral key is for the model '${own.slice(0, 200)}', and opens no session with '${asked.slice(0, 200)}'. ` +
        'Make another one for that.',
      'model',
      'session_model_fixed',
    );
  }
}

/** 400: what an ephemeral key says of its session is in OpenAI's words. */
export class ProtocolConfigError extends InvalidRequestError {
  constructor() {
    super(
      "This ephemeral key says how its session is to be in OpenAI's protocol. For this one, make a key of the type 'realtime' " +
        'with no more than a `model`, and say the rest in the setup.',
      'setup',
      'session_protocol_fixed',
    );
  }
}

/** 400: no session of the project was given it. Its message has room in a close. */
export class ForeignHandleError extends InvalidRequestError {
  constructor() {
    super(
      'No session of this project has this handle. Leave it out (`sessionResumption: {}`) to begin a new session.',
      'setup.sessionResumption.handle',
      'session_handle_unknown',
    );
  }
}

/** 400 */
export class NoJsonMessageError extends InvalidRequestError {
  constructor() {
    super(
      'A message of a session is a JSON object whose members have names of their own.',
      null,
      'invalid_json',
    );
  }
}

/** 413 */
export class MessageTooLargeError extends GatewayError {
  constructor(limitBytes: number) {
    super(`A message of this project has at most ${limitBytes} bytes. Send sound in smaller pieces.`, {
      status: 413,
      type: 'invalid_request_error',
      code: 'message_too_large',
    });
  }
}

/** 408: told in the session, which it ends. */
export class SessionExpiredError extends GatewayError {
  constructor(seconds: number) {
    super(`A session lasts ${seconds} seconds at most. Open another one to go on.`, {
      status: 408,
      type: 'invalid_request_error',
      code: 'session_expired',
    });
  }
}

/** 400: it opened a session, and did not say with whom. */
export class NoSetupError extends InvalidRequestError {
  constructor() {
    super('The first message of a session is its setup, which names the model.', 'setup', 'no_setup');
  }
}

/** 426: the request does not open a WebSocket. */
export class NoUpgradeError extends GatewayError {
  constructor() {
    super(
      'A session is a WebSocket. Open it with `wss://` and version 13 of the protocol, as the realtime clients of the SDKs do.',
      {
        status: 426,
        type: 'invalid_request_error',
        code: 'websocket_required',
        headers: { upgrade: 'websocket', 'sec-websocket-version': '13' },
      },
    );
  }
}
