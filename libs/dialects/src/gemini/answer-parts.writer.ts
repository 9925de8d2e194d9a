import type { SignatureSeal } from '../domain/dialect.js';
import type { MediaPart, Part, ReasoningPart, ToolCallPart } from '../domain/part.js';
import { inputOf } from '../domain/tool-input.js';
import type { Wire } from '../domain/wire.js';
import { sealSignature } from './sealed-signature.js';

/** What one canonical part is on the wire: one part, or none when only another dialect understands it. */
export function writeAnswerPart(part: Part, seal: SignatureSeal): Wire | null {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      return part.text === '' ? null : { text: part.text };
    case 'reasoning':
      return writeThought(part, seal);
    case 'tool-call':
      return writeCall(part, seal);
    case 'media':
      return writeMedia(part);
    case 'native':
      return part.dialect === 'gemini' ? (part.value as Wire) : null;
    default:
      return null;
  }
}

/** Google's clients keep a thought of its signature alone, too. */
export function writeThought(
  { text, signature, redacted }: Pick<ReasoningPart, 'text' | 'signature' | 'redacted'>,
  seal: SignatureSeal,
): Wire | null {
  return text === '' && !signature
    ? null
    : {
        text,
        thought: true,
        ...(signature && { thoughtSignature: sealSignature(signature, seal, redacted) }),
      };
}

export function writeCall(call: ToolCallPart, seal: SignatureSeal): Wire {
  const { id, name, signature } = call;
  return {
    functionCall: { ...(id !== '' && { id }), name, args: inputOf(call) },
    ...(signature && { thoughtSignature: sealSignature(signature, seal) }),
  };
}

export function writeMedia({ source, mime }: MediaPart): Wire {
  const type = mime !== undefined && { mimeType: mime };
  switch (source.kind) {
    case 'base64':
      return { inlineData: { ...type, data: source.data } };
    case 'url':
      return { fileData: { ...type, fileUri: source.url } };
    case 'file':
      return { fileData: { ...type, fileUri: source.id } };
    default:
      return { text: source.text };
  }
}
