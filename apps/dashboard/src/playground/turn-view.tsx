import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { count, dollars, duration } from '../format.js';
import type { Told } from './chat.js';
import type { Turn } from './use-conversation.js';

/** A question, its answer, and what that came to. */
export function TurnView({ turn }: { readonly turn: Turn }): ReactElement {
  const { question, answer, id, told, failure } = turn;
  return (
    <li className="turn">
      <p className="said">
        <b>You</b> {question}
      </p>
      {answer !== '' && (
        <p className="said">
          <b>Model</b> {answer}
        </p>
      )}
      <p className="failure">{failure}</p>
      <p className="hint">
        {[...(told ? wordsOf(told) : []), id !== '' && <Record key="record" id={id} />]
          .filter(Boolean)
          .flatMap((word, at) => (at === 0 ? [word] : [' · ', word]))}
      </p>
    </li>
  );
}

function Record({ id }: { readonly id: string }): ReactElement {
  return <Link href={`/calls/${id}`}>record</Link>;
}

function wordsOf({ usage, x_llmhub: extras }: Told): string[] {
  const words = [
    extras && `${extras.provider}/${extras.model}`,
    usage && `${count(usage.prompt_tokens)} tokens in, ${count(usage.completion_tokens)} out`,
    usage?.cost !== undefined && dollars(usage.cost),
    extras?.cached && 'from the cache',
    extras && duration(extras.response_time),
    extras && `${extras.attempts} ${extras.attempts === 1 ? 'attempt' : 'attempts'}`,
    ...(extras?.warnings ?? []).map(warning =>
      typeof warning === 'string' ? warning : JSON.stringify(warning),
    ),
  ];
  return words.filter((word): word is string => typeof word === 'string' && word !== '');
}
