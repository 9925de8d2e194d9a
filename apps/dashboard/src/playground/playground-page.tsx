import { type FormEvent, type ReactElement, useState } from 'react';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { numberOf, textOf } from '../form/text-of.js';
import { usePageTitle } from '../shell/page-title.js';
import { modelsOf } from './chat.js';
import { TurnView } from './turn-view.js';
import { type Conversation, useConversation } from './use-conversation.js';
import { VoiceTalk } from './voice/voice-talk.js';

const WAYS = [
  ['chat', 'in writing'],
  ['voice', 'aloud'],
] as const;

interface Opened {
  readonly key: string;
  readonly models: readonly string[];
}

/** Talks to any model as a project's application would, in writing or aloud. */
export function PlaygroundPage(): ReactElement {
  usePageTitle('Playground');
  const [opened, setOpened] = useState<Opened | null>(null);
  const [way, setWay] = useState<string>('chat');
  const open = async (form: FormData): Promise<void> => {
    const key = textOf(form, 'key');
    setOpened({ key, models: await modelsOf(key) });
  };
  return (
    <>
      <h1>Playground</h1>
      <section className="card" aria-label="Key">
        <Form
          action="Use key"
          onSend={open}
          done={opened ? `It opens ${opened.models.length} models.` : undefined}
        >
          <Field
            name="key"
            label="Project key"
            type="password"
            placeholder="pk_…"
            hint="Kept in the memory of this page alone. What you ask costs the project money."
            isRequired
          />
        </Form>
      </section>
      {opened && (
        <>
          <div className="form">
            <Field name="way" label="Talk" value={way} options={WAYS} onChoose={setWay} />
          </div>
          {way === 'voice' ? (
            <VoiceTalk key={opened.key} apiKey={opened.key} models={opened.models} />
          ) : (
            <Talk key={opened.key} opened={opened} />
          )}
        </>
      )}
    </>
  );
}

function Talk({ opened }: { readonly opened: Opened }): ReactElement {
  const conversation = useConversation();
  return (
    <section className="card" aria-label="Conversation">
      <ol className="list" aria-live="polite" aria-busy={conversation.isBusy} aria-label="Turns">
        {conversation.turns.map((turn, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a turn stays in its place
          <TurnView key={at} turn={turn} />
        ))}
      </ol>
      <QuestionForm opened={opened} conversation={conversation} />
    </section>
  );
}

interface QuestionFormProps {
  readonly opened: Opened;
  readonly conversation: Conversation;
}

function QuestionForm({ opened, conversation }: QuestionFormProps): ReactElement {
  const { turns, isBusy, ask, stop, clear } = conversation;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = event.currentTarget.elements.namedItem('question');
    if (field instanceof HTMLTextAreaElement) {
      field.value = '';
    }
    void ask(textOf(form, 'question'), {
      key: opened.key,
      model: textOf(form, 'model'),
      system: textOf(form, 'system'),
      maxTokens: numberOf(form, 'maxTokens'),
    });
  };
  return (
    <form className="form" onSubmit={submit} aria-label="Question">
      <Field
        name="model"
        label="Model"
        value={opened.models[0]}
        suggestions={opened.models}
        hint="Or the name of a routing policy."
        isRequired
      />
      <Field name="maxTokens" label="Most output tokens" type="number" hint="Empty: any number." />
      <Field name="system" label="System prompt" rows={2} />
      <Field name="question" label="Message" rows={3} isRequired />
      <div className="wide actions">
        <button type="submit" disabled={isBusy}>
          Send
        </button>
        <button type="button" className="quiet" disabled={!isBusy} onClick={stop}>
          Stop
        </button>
        <button type="button" className="quiet" disabled={isBusy || turns.length === 0} onClick={clear}>
          Start anew
        </button>
      </div>
    </form>
  );
}
