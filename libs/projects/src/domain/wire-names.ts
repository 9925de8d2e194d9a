/** How names of the wire look, and what to say when one does not. */
interface NameForm {
  readonly pattern: RegExp;
  readonly message: string;
}

export const VENDOR_ID: NameForm = {
  pattern: /^[a-z0-9][a-z0-9-]{0,40}$/,
  message: '$property must be the id of a vendor: lower-case letters, digits and dashes, such as openai',
};

export const MODEL_NAME: NameForm = {
  pattern: /^[\x21-\x7e]+$/,
  message: '$property must be visible ASCII characters without spaces, such as openai/gpt-5',
};

export const ENDPOINT_PATTERN: NameForm = {
  pattern: /^\/[\x21-\x7e]{0,190}$/,
  message: '$property must be a path such as /v1/chat/completions or /v1/audio/*',
};

export const MODEL_PATTERN: NameForm = {
  pattern: /^(?!\/)[\x21-\x7e]{1,191}(?<!\/)$/,
  message:
    '$property must be a model or a pattern, such as openai/* (all of a vendor) or gpt-5-mini, without a slash at either end',
};
