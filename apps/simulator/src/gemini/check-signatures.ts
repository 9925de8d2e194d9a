import { isSignedBy } from '../answering/signatures.js';
import type { JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import { require400 } from '../refusal.js';
import { field } from './fields.js';

/** What Google takes in place of a signature that was lost or came from elsewhere. */
const SENTINELS = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];
const ENCODED_SENTINELS = SENTINELS.map(sentinel => Buffer.from(sentinel).toString('base64'));

/** What is signed for a part that holds no call. */
export const TEXT_PAYLOAD = 'text';

export function callPayload(name: string): string {
  return `call ${name}`;
}

/** From Gemini 3 on, thoughts have to come back with the calls they led to. */
export function isSigningModel(model: string): boolean {
  return Number(/^gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3;
}

/** Whatever signature comes must be this model's own; the first call of each step of the current turn must have one. */
export function checkSignatures(body: JsonObject, model: string): void {
  const contents = asList(body.contents).map(asObject);
  const turn = contents.findLastIndex(isUsersWord);
  for (const [index, content] of contents.entries()) {
    const parts = asList(content.parts).map(asObject);
    parts.forEach((part, position) => checkSignature(part, model, `contents[${index}].parts[${position}]`));
    const firstCall = parts.find(isCall);
    require400(
      index < turn ||
        !firstCall ||
        continuesCalls(contents[index - 1]) ||
        !isSigningModel(model) ||
        field(firstCall, 'thoughtSignature') !== undefined,
      `Function call is missing a thought_signature in functionCall parts. Function call \`${asText(field(field(firstCall, 'functionCall'), 'name'))}\`, content position ${index + 1}.`,
    );
  }
}

function isCall(part: JsonObject): boolean {
  return field(part, 'functionCall') !== undefined;
}

/** Model turns that follow each other count as one, so that the first call was there already. */
function continuesCalls(before: JsonObject | undefined): boolean {
  return before?.role === 'model' && asList(before.parts).map(asObject).some(isCall);
}

function isUsersWord(content: JsonObject): boolean {
  return (
    content.role !== 'model' &&
    asList(content.parts).some(part => field(part, 'functionResponse') === undefined)
  );
}

function checkSignature(part: JsonObject, model: string, at: string): void {
  const signature = field(part, 'thoughtSignature');
  if (
    signature === undefined ||
    SENTINELS.includes(asText(signature)) ||
    isEncodedSentinel(asText(signature))
  ) {
    return;
  }
  const call = field(part, 'functionCall');
  const payload = call === undefined ? TEXT_PAYLOAD : callPayload(asText(field(call, 'name')));
  require400(isSignedBy(model, payload, asText(signature)), `${at}: Thought signature is not valid.`);
}

function isEncodedSentinel(signature: string): boolean {
  return ENCODED_SENTINELS.includes(signature);
}
