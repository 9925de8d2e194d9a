import { transcriberOf } from '@app/dialects';
import type { SocketInbox } from '@app/providers';
import type { Route } from '@app/routing';
import { parsed } from './messages.js';

/**
 * A vendor's session that only writes down what is said is told who does so, as if its caller had said it: the address, the project or
 * the gateway named that model.
 *
 * @param isSaid the first message of the inbox may be what named it
 */
export function tellTranscriber(inbox: SocketInbox, { id: model }: Route, isSaid: boolean): void {
  const first = isSaid && inbox.first ? parsed(inbox.first.data) : null;
  if (!first || transcriberOf(first) === '') {
    const session = { type: 'transcription', audio: { input: { transcription: { model } } } };
    inbox.hearFirst(Buffer.from(JSON.stringify({ type: 'session.update', session })));
  }
}
