import type { Fault } from '../faults.js';
import { Refusal } from '../refusal.js';
import type { Reply } from './reply.js';
import { refusedPrompt, type Words } from './vendor-words.js';

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'Incorrect API key provided.',
  402: 'Your credit balance is too low.',
  403: 'You may not use this model.',
  404: 'The model does not exist.',
  429: 'Rate limit reached.',
  503: 'The model is overloaded.',
  529: 'Overloaded',
};

/**
 * The faults that strike before an answer. True when they took its place; a `Refusal` when the answer is an error in
 * the vendor's shape.
 */
export async function misbehave(reply: Reply, fault: Fault, words: Words): Promise<boolean> {
  if (fault.delay !== undefined && !(await reply.pause(fault.delay))) {
    return true;
  }
  if (fault.drop) {
    reply.drop();
    return true;
  }
  if (fault.context || fault.policy) {
    throw refusedPrompt(words, fault.context ? 'context' : 'policy');
  }
  if (fault.status !== undefined) {
    const message = MESSAGES[fault.status] ?? `Simulated failure with status ${fault.status}.`;
    throw new Refusal(fault.status, message, { retryAfter: fault.retryAfter });
  }
  if (fault.html !== undefined) {
    const page = `<html><head><title>${fault.html}</title></head><body><h1>${fault.html}</h1></body></html>\n`;
    await reply.send(fault.html, { 'content-type': 'text/html' }, page);
    return true;
  }
  if (fault.empty) {
    await reply.send(200, { 'content-type': 'application/json' }, '');
    return true;
  }
  return false;
}
