import type { ReactElement, ReactNode } from 'react';
import { Dialog } from './dialog.js';
import { Form } from './form.js';

interface ConfirmProps {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  /** What comes of it. */
  readonly children: ReactNode;
}

/** Asks once more before something is done that is not easily undone. */
export function Confirm({ title, action, onConfirm, onClose, children }: ConfirmProps): ReactElement {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form action={action} onSend={onConfirm}>
        <p className="wide">{children}</p>
      </Form>
    </Dialog>
  );
}
