import type { GenerationRequest, Turn } from '@app/dialects';
import type { AgentSession, Step } from './agent-sessions.js';

/** `rich`: tools return indented JSON, and files that were read before; `plain`: there is nothing to leave out. */
export type Content = 'plain' | 'rich';

/** What a session asks, call by call: everything said before, and what it adds. */
export class SessionRequests {
  private readonly turns: Turn[] = [];
  private system: string;

  constructor(
    private readonly session: AgentSession,
    private readonly content: Content = 'plain',
  ) {
    const { name, systemTokens } = session.app;
    this.system = filled(`You are ${name}.`, systemTokens);
  }

  /** The request of the call; its answer is already part of what the next one says. */
  next(call: number, step: Step): GenerationRequest {
    const { session, turns } = this;
    if (step.edit === 'clock') {
      this.system = filled(`It is call ${call} of ${session.id}.`, session.app.systemTokens);
    }
    if (step.edit === 'summary') {
      const said = turns.splice(0, turns.length - (step.says === 'results' ? 1 : 0)).length;
      turns.unshift(asText('user', filled(`${session.id}: in short, of ${said} turns`, 300)));
    }
    turns.push(this.asked(call, step));
    const { model } = session.app;
    const request = { model, turns: [asText('system', this.system), ...turns], tools: this.tools() };
    turns.push(this.answer(call, step));
    const native = { dialect: 'openai-chat', fields: {} } as const;
    return { ...request, settings: {}, stream: false, streamUsage: false, native };
  }

  private asked(call: number, { says, tokens }: Step): Turn {
    const said = { kind: 'text', text: this.textOf(call, { says, tokens }) } as const;
    return says === 'user'
      ? { role: 'user', parts: [said] }
      : { role: 'tool', parts: [{ kind: 'tool-result', callId: `call_${call - 1}`, parts: [said] }] };
  }

  private textOf(call: number, { says, tokens }: Pick<Step, 'says' | 'tokens'>): string {
    const { id } = this.session;
    const plain = filled(`${id}.${call}`, tokens);
    if (this.content === 'plain' || says === 'user') {
      return plain;
    }
    return [plain, rowsOf(`${id}.${call}`, tokens), filled(`A file of ${id}`, 1500)][call % 3] ?? plain;
  }

  /** It calls a tool when the next step brings results. */
  private answer(call: number, { answerTokens }: Step): Turn {
    const text = filled(`Answer ${this.session.id}.${call}`, answerTokens);
    if (this.session.steps[call + 1]?.says !== 'results') {
      return asText('assistant', text);
    }
    const input = JSON.stringify({ text });
    const part = { kind: 'tool-call', id: `call_${call}`, name: 'tool_0', arguments: input } as const;
    return { role: 'assistant', parts: [part] };
  }

  private tools(): GenerationRequest['tools'] {
    const { name, toolTokens } = this.session.app;
    const tool = (at: number) => ({
      kind: 'function' as const,
      name: `tool_${at}`,
      description: filled(`Tool ${at} of ${name}.`, 200),
      parameters: { type: 'object', properties: { text: { type: 'string' } } },
    });
    return { list: Array.from({ length: Math.ceil(toolTokens / 250) }, (_, at) => tool(at)) };
  }
}

function asText(role: Turn['role'], text: string): Turn {
  return { role, parts: [{ kind: 'text', text }] };
}

function filled(beginning: string, tokens: number): string {
  return beginning.padEnd(tokens * 4, ' lorem ipsum');
}

function rowsOf(name: string, tokens: number): string {
  const row = { name, ok: true, tags: ['lorem', 'ipsum'], place: { lat: 52.5, lng: 13.4 } };
  const size = JSON.stringify([row], null, 2).length;
  return JSON.stringify(
    Array.from({ length: Math.ceil((tokens * 4) / size) }, (_, at) => ({ at, ...row })),
    null,
    2,
  );
}
