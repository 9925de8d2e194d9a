import { useEffect, useRef, useState } from 'react';
import { wordsOf } from '../api/client.js';
import { type Chat, converse, type Message, type Told } from './chat.js';

/** A question, and what came of it. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
  /** Of the call; empty while nothing was answered. */
  readonly id: string;
  /** Null until the answer is whole. */
  readonly told: Told | null;
  readonly failure: string | null;
}

export interface Conversation {
  readonly turns: readonly Turn[];
  readonly isBusy: boolean;
  ask(question: string, chat: Asked): Promise<void>;
  stop(): void;
  clear(): void;
}

interface Asked extends Omit<Chat, 'messages' | 'signal'> {
  /** Empty: none. */
  readonly system: string;
}

/** Is told as it comes, and forgotten with the page. */
export function useConversation(): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [isBusy, setBusy] = useState(false);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const change = (of: (turn: Turn) => Partial<Turn>): void =>
    setTurns(before =>
      before.map((turn, at) => (at === before.length - 1 ? { ...turn, ...of(turn) } : turn)),
    );
  const ask: Conversation['ask'] = async (question, { system, ...chat }) => {
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    setTurns(before => [...before, { question, answer: '', id: '', told: null, failure: null }]);
    try {
      const messages = messagesOf(system, turns, question);
      const told = await converse(
        { ...chat, messages, signal: abort.signal },
        {
          opened: id => change(() => ({ id })),
          piece: text => change(({ answer }) => ({ answer: answer + text })),
        },
      );
      change(() => ({ told }));
    } catch (error) {
      change(() => ({ failure: abort.signal.aborted ? 'Stopped.' : wordsOf(error) }));
    }
    setBusy(false);
  };
  return { turns, isBusy, ask, stop: () => running.current?.abort(), clear: () => setTurns([]) };
}

/** What failed is not told again. */
function messagesOf(system: string, turns: readonly Turn[], question: string): Message[] {
  const before = turns
    .filter(({ told }) => told !== null)
    .flatMap((turn): Message[] => [
      { role: 'user', content: turn.question },
      { role: 'assistant', content: turn.answer },
    ]);
  const first: Message[] = system === '' ? [] : [{ role: 'system', content: system }];
  return [...first, ...before, { role: 'user', content: question }];
}
