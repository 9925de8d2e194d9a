import { type ReactElement, useState } from 'react';
import { post, remove } from '../api/client.js';
import type { ApiKey } from '../api/types.js';
import { Confirm } from '../form/confirm.js';
import { Dialog } from '../form/dialog.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { ShownOnce } from '../form/shown-once.js';
import { listOf, numberOf, textOf } from '../form/text-of.js';
import { useMayChange } from '../session/session.js';
import { Pages } from '../shell/pages.js';
import { KeyTable } from './key-table.js';

const PAGE_SIZE = 25;
const OVERLAPS = [
  ['0', 'none'],
  ['3600', 'an hour'],
  ['86400', 'a day'],
  ['604800', 'a week'],
] as const;

interface Issued extends ApiKey {
  readonly key: string;
}

type Asked =
  | { readonly what: 'new' }
  | { readonly what: 'rotate' | 'revoke'; readonly key: ApiKey }
  | { readonly what: 'show'; readonly key: Issued };

/** @param path of the project */
export function KeysCard({ path }: { readonly path: string }): ReactElement {
  const keys = `${path}/api-keys`;
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <section className="card" aria-labelledby="keys">
      <div className="title">
        <h2 id="keys">API keys</h2>
        {mayChange && (
          <button type="button" onClick={() => setAsked({ what: 'new' })}>
            New key
          </button>
        )}
      </div>
      <Pages<ApiKey> label="API keys" path={keys} size={PAGE_SIZE}>
        {(listed, again) => (
          <>
            <KeyTable keys={listed} onAsk={mayChange ? (what, key) => setAsked({ what, key }) : null} />
            {asked && <AskedDialog keys={keys} asked={asked} onAsk={setAsked} onChange={again} />}
          </>
        )}
      </Pages>
    </section>
  );
}

interface AskedDialogProps {
  readonly keys: string;
  readonly asked: Asked;
  readonly onAsk: (asked: Asked | null) => void;
  readonly onChange: () => void;
}

function AskedDialog({ keys, asked, onAsk, onChange }: AskedDialogProps): ReactElement {
  const close = (): void => onAsk(null);
  const show = (key: Issued): void => {
    onAsk({ what: 'show', key });
    onChange();
  };
  switch (asked.what) {
    case 'new':
      return <NewKey keys={keys} onIssue={show} onClose={close} />;
    case 'rotate':
      return <Rotation path={`${keys}/${asked.key.id}`} old={asked.key} onIssue={show} onClose={close} />;
    case 'show':
      return <ShownOnce title={`Key ${asked.key.name}`} secret={asked.key.key} onClose={close} />;
    case 'revoke':
      return (
        <Confirm
          title={`Revoke ${asked.key.name}?`}
          action="Revoke"
          onClose={close}
          onConfirm={async () => {
            await remove(`${keys}/${asked.key.id}`);
            close();
            onChange();
          }}
        >
          Within a second <code>{asked.key.masked}</code> answers 401, for good.
        </Confirm>
      );
  }
}

interface NewKeyProps {
  readonly keys: string;
  readonly onIssue: (key: Issued) => void;
  readonly onClose: () => void;
}

function NewKey({ keys, onIssue, onClose }: NewKeyProps): ReactElement {
  const send = async (form: FormData): Promise<void> => {
    const until = textOf(form, 'expiresAt');
    const key = {
      name: textOf(form, 'name'),
      expiresAt: until === '' ? null : `${until}T00:00:00Z`,
      allowedModels: listOf(form, 'allowedModels'),
      requestsPerMinute: numberOf(form, 'requestsPerMinute'),
      tokensPerMinute: numberOf(form, 'tokensPerMinute'),
    };
    onIssue(await post<Issued>(keys, key));
  };
  return (
    <Dialog title="New key" onClose={onClose}>
      <Form action="Create" onSend={send}>
        <Field name="name" label="Name" hint="What it is for." isRequired />
        <Field name="expiresAt" label="Expires (UTC)" type="date" hint="Empty: never." />
        <Field
          name="allowedModels"
          label="Models"
          placeholder="openai/*, claude-haiku-*"
          hint="With commas between. Empty: all."
        />
        <Field
          name="requestsPerMinute"
          label="Requests a minute"
          type="number"
          hint="Empty: the project’s."
        />
        <Field name="tokensPerMinute" label="Tokens a minute" type="number" hint="Empty: the project’s." />
      </Form>
    </Dialog>
  );
}

interface RotationProps extends Omit<NewKeyProps, 'keys'> {
  readonly path: string;
  readonly old: ApiKey;
}

function Rotation({ path, old, onIssue, onClose }: RotationProps): ReactElement {
  const send = async (form: FormData): Promise<void> =>
    onIssue(await post<Issued>(`${path}/rotate`, { overlapSeconds: numberOf(form, 'overlapSeconds') }));
  return (
    <Dialog title={`Rotate ${old.name}`} onClose={onClose}>
      <Form action="Rotate" onSend={send}>
        <p className="wide">
          A new key may do the same. <code>{old.masked}</code> works beside it for a while, and then no more.
        </p>
        <Field name="overlapSeconds" label="Both work for" options={OVERLAPS} />
      </Form>
    </Dialog>
  );
}
