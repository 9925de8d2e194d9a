import { type ReactElement, useId, useRef, useState } from 'react';
import { Dialog } from './dialog.js';

interface ShownOnceProps {
  readonly title: string;
  readonly secret: string;
  readonly onClose: () => void;
}

/** A key that nobody can look up again. It is kept nowhere. */
export function ShownOnce({ title, secret, onClose }: ShownOnceProps): ReactElement {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [notice, setNotice] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
      setNotice('Copied.');
    } catch {
      field.current?.select(); // not over plain HTTP, nor where it is forbidden
      setNotice('This browser does not let the page copy. The key is selected: copy it yourself.');
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="form">
        <div className="field wide">
          <label htmlFor={id}>Key</label>
          <input id={id} ref={field} readOnly value={secret} />
          <p className="hint">It is shown now and never again.</p>
        </div>
        <div className="wide actions">
          <button type="button" onClick={() => void copy()}>
            Copy
          </button>
          <output>{notice}</output>
        </div>
      </div>
    </Dialog>
  );
}
