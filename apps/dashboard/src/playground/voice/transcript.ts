/** An event of a session, as far as it matters here. */
export interface LiveEvent {
  readonly type: string;
  readonly item_id?: string;
  readonly delta?: string;
  readonly transcript?: string;
  readonly item?: Item;
  readonly error?: { readonly message: string };
  readonly response?: {
    readonly status: string;
    readonly status_details?: { readonly error?: { readonly message?: string } | null } | null;
    readonly output?: readonly Item[];
  };
  readonly warnings?: readonly { readonly field: string; readonly action: string; readonly detail: string }[];
  readonly from?: string;
  readonly to?: string;
  readonly lost?: readonly string[];
}

interface Item {
  readonly id: string;
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly { readonly text?: string | null; readonly transcript?: string | null }[];
}

/** Something that one side said, or that the gateway tells of the session. */
export interface Line {
  readonly id: string;
  readonly who: 'You' | 'Model' | 'Gateway';
  readonly text: string;
  readonly isFailure?: true;
  /** Not all of it was said. */
  readonly isCut?: true;
}

/** What was said, with what an event adds to it. */
export function withEvent(lines: readonly Line[], event: LiveEvent): readonly Line[] {
  const { type, item_id: id = '', delta = '', transcript } = event;
  switch (type) {
    case 'conversation.item.added':
      return event.item ? withItem(lines, event.item) : lines;
    case 'conversation.item.input_audio_transcription.delta':
    case 'response.output_audio_transcript.delta':
    case 'response.output_text.delta':
      return changed(lines, id, ({ text }) => ({ text: text + delta }));
    case 'conversation.item.input_audio_transcription.completed':
    case 'response.output_audio_transcript.done':
      return changed(lines, id, ({ text }) => ({ text: transcript ?? text }));
    case 'conversation.item.input_audio_transcription.failed':
      return told(lines, `What you said could not be written down: ${event.error?.message}`, true);
    case 'response.done':
      return ended(lines, event.response);
    case 'error':
      return told(lines, event.error?.message ?? 'Something failed.', true);
    case 'x_llmhub.warnings':
      return (event.warnings ?? []).reduce(
        (all, { field, action, detail }) => told(all, `${field} was ${action}: ${detail}`),
        lines,
      );
    case 'x_llmhub.resumed':
      return told(
        lines,
        [`${event.to} goes on in the place of ${event.from}.`, ...(event.lost ?? [])].join(' '),
      );
    default:
      return lines;
  }
}

/** What its model was interrupted in. */
export function withCut(lines: readonly Line[], id: string): readonly Line[] {
  return changed(lines, id, () => ({ isCut: true }));
}

/** What the gateway, or the browser, has to say. */
export function told(lines: readonly Line[], text: string, isFailure = false): readonly Line[] {
  const line: Line = { id: `told-${lines.length}`, who: 'Gateway', text };
  return [...lines, { ...line, ...(isFailure && { isFailure }) }];
}

function withItem(lines: readonly Line[], { id, type, role, content = [] }: Item): readonly Line[] {
  if (type !== 'message' || role === 'system' || lines.some(line => line.id === id)) {
    return lines;
  }
  const text = content.map(part => part.text ?? part.transcript ?? '').join('');
  return [...lines, { id, who: role === 'user' ? 'You' : 'Model', text }];
}

function ended(lines: readonly Line[], response: LiveEvent['response']): readonly Line[] {
  if (response?.status === 'failed') {
    return told(lines, response.status_details?.error?.message ?? 'The answer failed.', true);
  }
  const isCut = response?.status === 'cancelled' || response?.status === 'incomplete';
  return isCut ? (response.output ?? []).reduce((all, { id }) => withCut(all, id), lines) : lines;
}

function changed(lines: readonly Line[], id: string, change: (line: Line) => Partial<Line>): readonly Line[] {
  return lines.map(line => (line.id === id ? { ...line, ...change(line) } : line));
}
