import { type FormEvent, type ReactElement, useState } from 'react';
import { wordsOf } from '../api/client.js';
import type { SessionState } from './session.js';

interface LogInProps {
  readonly session: Extract<SessionState, { state: 'out' }>;
}

export function LogIn({ session }: LogInProps): ReactElement {
  const [failure, setFailure] = useState<string | null>(session.notice);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key');
    setBusy(true);
    try {
      await session.logIn(String(key).trim());
    } catch (error) {
      setFailure(wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <main className="log-in">
      <form className="card" onSubmit={event => void submit(event)}>
        <h1>LLM Hub</h1>
        <label htmlFor="key">Admin key</label>
        <input
          id="key"
          name="key"
          type="password"
          placeholder="ak_…"
          autoComplete="current-password"
          required
          aria-describedby="key-hint"
        />
        <p id="key-hint" className="hint">
          The first start of the gateway printed it; it is not kept in this browser.
        </p>
        <p role="alert" className="failure">
          {failure}
        </p>
        <button type="submit" disabled={isBusy}>
          Log in
        </button>
      </form>
    </main>
  );
}
