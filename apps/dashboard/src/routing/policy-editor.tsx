import { type ReactElement, useState } from 'react';
import { patch, post } from '../api/client.js';
import type { Explanation, RoutingPolicy } from '../api/types.js';
import { Dialog } from '../form/dialog.js';
import { Field } from '../form/field.js';
import { ALSO, Form } from '../form/form.js';
import { textOf } from '../form/text-of.js';
import { DryRun } from './dry-run.js';
import { isObject, mergePatch } from './merge-patch.js';

/** What the gateway adds to a policy by itself. */
const NOT_EDITED = ['id', 'projectId', 'createdAt', 'updatedAt', 'authorId', 'authorName', 'version'];
const DRAFT = {
  name: 'fast',
  strategy: 'priority',
  targets: [{ model: 'openai/gpt-5-mini' }, { model: 'anthropic/claude-haiku-4-5' }],
};

interface PolicyEditorProps {
  readonly projectId: string;
  readonly path: string;
  /** Null: a new one. */
  readonly policy: RoutingPolicy | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** A policy as JSON. It is tried before it is stored: the gateway says where a call would go. */
export function PolicyEditor({ projectId, path, policy, onSaved, onClose }: PolicyEditorProps): ReactElement {
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const before = editable(policy ?? DRAFT);
  const send = async (form: FormData): Promise<void> => {
    const draft = objectIn(textOf(form, 'policy'));
    if (form.has(ALSO)) {
      const body = { messages: [{ role: 'user', content: textOf(form, 'prompt') || 'Hello' }] };
      const question = { projectId, model: draft['name'], policy: draft, body };
      setExplanation(await post('/admin/routing/explain', question));
      return;
    }
    await (policy ? patch(`${path}/${policy.id}`, mergePatch(before, draft)) : post(path, draft));
    onSaved();
  };
  return (
    <Dialog title={policy ? `Policy ${policy.name}` : 'New policy'} onClose={onClose}>
      <Form action="Save" also="Try, and change nothing" onSend={send}>
        <Field
          name="policy"
          label="Policy (JSON)"
          rows={14}
          value={JSON.stringify(before, null, 2)}
          isRequired
        />
        <Field name="prompt" label="A prompt to try it with" placeholder="Hello" />
      </Form>
      {explanation && <DryRun explanation={explanation} />}
    </Dialog>
  );
}

function editable(policy: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(policy).filter(([name]) => !NOT_EDITED.includes(name)));
}

/** @throws Error in words */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) {
      return parsed;
    }
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
  throw new Error('A policy is a JSON object: {"name": …, "targets": […]}.');
}
