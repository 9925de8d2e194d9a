import type { FormEvent, ReactElement } from 'react';
import { Link } from 'wouter';
import { Field } from '../../form/field.js';
import { textOf } from '../../form/text-of.js';
import type { Line } from './transcript.js';
import { useVoice, type Voice } from './use-voice.js';

interface VoiceTalkProps {
  readonly apiKey: string;
  readonly models: readonly string[];
}

/** Talks to a model aloud: to one that hears and speaks itself, or to a text model, which the gateway gives a voice. */
export function VoiceTalk({ apiKey, models }: VoiceTalkProps): ReactElement {
  const voice = useVoice();
  return (
    <section className="card" aria-label="Conversation">
      <ol className="list" aria-live="polite" aria-label="Turns">
        {voice.lines.map(line => (
          <LineView key={line.id} line={line} />
        ))}
      </ol>
      <output className="hint">
        {stateOf(voice)} {voice.lines.length > 0 && <Link href="/calls">Records of calls</Link>}
      </output>
      {voice.state === 'open' ? (
        <OpenForm voice={voice} />
      ) : (
        <StartForm voice={voice} apiKey={apiKey} models={models} />
      )}
    </section>
  );
}

function LineView({ line: { who, text, isFailure, isCut } }: { readonly line: Line }): ReactElement {
  return (
    <li className="turn">
      <p className={isFailure ? 'failure' : 'said'}>
        <b>{who}</b> {text === '' ? '…' : text} {isCut && <span className="hint">(interrupted)</span>}
      </p>
    </li>
  );
}

function StartForm({ voice, apiKey, models }: VoiceTalkProps & { readonly voice: Voice }): ReactElement {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    voice.start({
      key: apiKey,
      model: textOf(form, 'model'),
      instructions: textOf(form, 'instructions'),
      transcriber: textOf(form, 'transcriber'),
      voice: textOf(form, 'voice'),
    });
  };
  return (
    <form className="form" onSubmit={submit} aria-label="Session">
      <Field
        name="model"
        label="Model"
        value={models.find(model => model.includes('realtime')) ?? models[0]}
        suggestions={models}
        hint="One that speaks, any text model, or a routing policy."
        isRequired
      />
      <Field
        name="transcriber"
        label="What writes down your words"
        value="gpt-4o-mini-transcribe"
        hint="A name that its vendor knows. Empty: a text model hears as the gateway is set up; of others nothing is written down."
      />
      <Field name="voice" label="Voice" hint="Empty: as the model likes." />
      <Field name="instructions" label="Instructions" rows={2} />
      <div className="wide actions">
        <button type="submit" disabled={voice.state === 'opening'}>
          Start talking
        </button>
      </div>
    </form>
  );
}

function OpenForm({ voice }: { readonly voice: Voice }): ReactElement {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    voice.write(textOf(new FormData(event.currentTarget), 'words'));
    event.currentTarget.reset();
  };
  return (
    <form className="form" onSubmit={submit} aria-label="Words">
      <Field name="words" label="Or write" isRequired />
      <div className="wide actions">
        <button type="submit">Send</button>
        <button
          type="button"
          className="quiet"
          disabled={voice.isMute === null}
          aria-pressed={voice.isMute === true}
          onClick={() => voice.mute(voice.isMute !== true)}
        >
          Mute
        </button>
        <button type="button" className="quiet" onClick={voice.stop}>
          Hang up
        </button>
      </div>
    </form>
  );
}

function stateOf({ state, isMute }: Voice): string {
  if (state !== 'open') {
    return state === 'opening' ? 'Opening …' : '';
  }
  if (isMute === null) {
    return 'Open, without a microphone.';
  }
  return isMute ? 'Open. You are muted.' : 'Open. Speak; whoever speaks up is heard.';
}
