import { createContext, type FormEvent, type ReactElement, type ReactNode, useState } from 'react';
import { type Refusal, useChange } from '../api/use-change.js';

/** Why the form around a field was not taken. */
export const RefusalContext = createContext<Refusal | null>(null);

/** What a form has that was sent by its other button. */
export const ALSO = 'also';

interface FormProps {
  /** What it is for, and what its button says. */
  readonly action: string;
  /** Another button, which sends it too. */
  readonly also?: string;
  readonly onSend: (form: FormData) => Promise<void>;
  /** Said when it was sent; nothing where it goes away then. */
  readonly done?: string;
  /** Its fields. */
  readonly children: ReactNode;
}

/** Sends what was filled in. What the gateway says against it stands at the field that it names, else above the button. */
export function Form({ action, also, onSend, done, children }: FormProps): ReactElement {
  const { isBusy, isDone, refusal, make } = useChange();
  const [fields, setFields] = useState<readonly string[]>([]);
  const isAtField = refusal !== null && refusal.param !== null && fields.includes(refusal.param);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const { elements } = event.currentTarget;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const form = new FormData(event.currentTarget, submitter);
    setFields([...form.keys()]);
    const refused = await make(() => onSend(form));
    const field = refused && elements.namedItem(refused.param ?? '');
    if (field instanceof HTMLElement) {
      field.focus();
    }
  };
  return (
    <form className="form" onSubmit={event => void submit(event)} aria-label={action}>
      <RefusalContext value={refusal}>{children}</RefusalContext>
      <p role="alert" className="failure wide">
        {isAtField ? null : refusal?.message}
      </p>
      <div className="wide actions">
        <button type="submit" disabled={isBusy}>
          {action}
        </button>
        {also && (
          <button type="submit" name={ALSO} value="true" className="quiet" disabled={isBusy}>
            {also}
          </button>
        )}
        <output>{isDone && done}</output>
      </div>
    </form>
  );
}
