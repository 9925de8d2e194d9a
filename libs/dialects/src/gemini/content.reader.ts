import { randomUUID } from 'node:crypto';
import type { Target } from '../domain/dialect.js';
import type { MediaPart, Part, Signature, ToolCallPart } from '../domain/part.js';
import { isObject, stringOr, type Wire } from '../domain/wire.js';

/**
 * One part of a candidate's content in canonical parts. A signature that stands on a text or a medium becomes
 * reasoning without text in front of it, which is how the request writer finds it again.
 */
export function readPart(part: Wire, target: Target): Part[] {
  const signature = readSignature(part, target);
  if (isObject(part['functionCall'])) {
    const call = readCall(part['functionCall'], signature);
    return call ? [call] : [];
  }
  if (typeof part['text'] === 'string') {
    return readText(part['text'], part['thought'] === true, signature);
  }
  const media = part['thought'] === true ? null : readMedia(part);
  if (media) {
    return signature ? [{ kind: 'reasoning', text: '', signature }, media] : [media];
  }
  return Object.keys(part).every(key => key === 'thought' || key === 'thoughtSignature')
    ? readText('', true, signature)
    : [{ kind: 'native', dialect: 'gemini', value: part }];
}

export function readSignature(part: Wire, { vendor, model }: Target): Signature | undefined {
  const payload = stringOr(part['thoughtSignature'], '');
  return payload === '' ? undefined : { issuer: vendor, model, payload };
}

/** Gemini may give no id; results need one to find their call. */
export function callId(id: unknown): string {
  return typeof id === 'string' && id !== '' ? id : `call_${randomUUID().replaceAll('-', '')}`;
}

function readCall(call: Wire, signature: Signature | undefined): ToolCallPart | null {
  const name = stringOr(call['name'], '');
  return name === ''
    ? null
    : {
        kind: 'tool-call',
        id: callId(call['id']),
        name,
        arguments: JSON.stringify(call['args'] ?? {}),
        ...(signature && { signature }),
      };
}

function readText(text: string, thought: boolean, signature: Signature | undefined): Part[] {
  if (thought) {
    return text === '' && !signature ? [] : [{ kind: 'reasoning', text, ...(signature && { signature }) }];
  }
  const parts: Part[] = signature ? [{ kind: 'reasoning', text: '', signature }] : [];
  if (text !== '') {
    parts.push({ kind: 'text', text });
  }
  return parts;
}

function readMedia({ inlineData, fileData }: Wire): MediaPart | null {
  const data = [inlineData, fileData].find(isObject);
  if (!data) {
    return null;
  }
  const mime = stringOr(data['mimeType'], undefined);
  return {
    kind: 'media',
    media: mediaKind(mime ?? ''),
    ...(mime !== undefined && { mime }),
    source:
      typeof data['fileUri'] === 'string'
        ? { kind: 'url', url: data['fileUri'] }
        : { kind: 'base64', data: stringOr(data['data'], '') },
  };
}

export function mediaKind(mime: string): MediaPart['media'] {
  const [type] = mime.split('/', 1);
  return type === 'image' || type === 'audio' || type === 'video' ? type : 'document';
}
