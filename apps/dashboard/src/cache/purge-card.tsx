import { type ReactElement, useState } from 'react';
import { post } from '../api/client.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { numberOf, textOf } from '../form/text-of.js';
import { count } from '../format.js';

/** @param path of the project's cache */
export function PurgeCard({ path }: { readonly path: string }): ReactElement {
  const [purged, setPurged] = useState<number | null>(null);
  const send = async (form: FormData): Promise<void> => {
    const model = textOf(form, 'model');
    const namespace = textOf(form, 'namespace');
    const olderThanSeconds = numberOf(form, 'olderThanSeconds');
    const meant = {
      ...(model !== '' && { model }),
      ...(namespace !== '' && { namespace }),
      ...(olderThanSeconds !== null && { olderThanSeconds }),
    };
    setPurged((await post<{ readonly purged: number }>(`${path}/purge`, meant)).purged);
  };
  return (
    <section className="card" aria-labelledby="purge">
      <h2 id="purge">Forget answers</h2>
      <Form
        action="Forget"
        onSend={send}
        done={
          purged === null
            ? undefined
            : `${count(purged)} ${purged === 1 ? 'answer is' : 'answers are'} forgotten.`
        }
      >
        <Field name="model" label="Of the model" placeholder="openai/gpt-5-mini" hint="Empty: of any." />
        <Field name="namespace" label="Of the namespace" hint="Empty: of any." />
        <Field name="olderThanSeconds" label="Older than (seconds)" type="number" hint="Empty: all." />
      </Form>
    </section>
  );
}
