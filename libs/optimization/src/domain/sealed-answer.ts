import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Secrets } from '@app/shared';
import type { CachedAnswer } from './cached-answer.entity.js';
import type { StoredAnswer } from './cached-answer.repository.js';

/** Off the event loop, as is its opposite: answers have megabytes. */
const pack = promisify(deflate);
const unpack = promisify(inflate);

const NEWLINE = 0x0a;

/**
 * An answer for the store: its facts as a line of JSON, then its body, byte by byte, packed and sealed. The columns beside the
 * envelope only find it; what they say is in the envelope, too, and that counts.
 */
export async function sealAnswer(answer: CachedAnswer, secrets: Secrets): Promise<StoredAnswer> {
  const { key, projectId, namespace, vendor, model, keptAt, expiresAt } = answer;
  const { body, ...facts } = answer;
  const packed = await pack(Buffer.concat([Buffer.from(`${JSON.stringify(facts)}\n`), body]));
  return {
    id: key,
    projectId,
    namespace,
    model: `${vendor}/${model}`,
    keptAt,
    expiresAt,
    envelope: secrets.encrypt(packed, key),
  };
}

/** @throws Error when no encryption key of the ring opens it, or it was altered */
export async function openAnswer({ id, envelope }: StoredAnswer, secrets: Secrets): Promise<CachedAnswer> {
  const bytes = await unpack(secrets.decryptBytes(envelope, id));
  const end = bytes.indexOf(NEWLINE);
  const facts = JSON.parse(bytes.toString('utf8', 0, end)) as Omit<CachedAnswer, 'body'>;
  return { ...facts, body: bytes.subarray(end + 1) };
}
