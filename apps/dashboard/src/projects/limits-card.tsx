import type { ReactElement } from 'react';
import { patch } from '../api/client.js';
import type { Limits, Project } from '../api/types.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { numberOf } from '../form/text-of.js';
import { count } from '../format.js';
import { useMayChange } from '../session/session.js';

const NAMES: readonly (readonly [keyof Limits, string])[] = [
  ['requestsPerMinute', 'Requests a minute'],
  ['tokensPerMinute', 'Tokens a minute'],
  ['concurrentCalls', 'Calls at a time'],
];

interface LimitsCardProps {
  readonly project: Project;
  readonly path: string;
}

/** What all keys of a project may do together. */
export function LimitsCard({ project, path }: LimitsCardProps): ReactElement {
  const mayChange = useMayChange();
  const send = async (form: FormData): Promise<void> => {
    await patch(path, Object.fromEntries(NAMES.map(([name]) => [name, numberOf(form, name)])));
  };
  return (
    <section className="card" aria-labelledby="limits">
      <h2 id="limits">Limits of all keys together</h2>
      {mayChange ? (
        <Form action="Set limits" onSend={send} done="They hold from now on.">
          {NAMES.map(([name, label]) => (
            <Field
              key={name}
              name={name}
              label={label}
              type="number"
              value={project[name]}
              hint="Empty: any number."
            />
          ))}
        </Form>
      ) : (
        <p>{limitsOf(project)}</p>
      )}
    </section>
  );
}

/** In words. */
export function limitsOf(limits: Limits): string {
  const words = NAMES.flatMap(([name, label]) => {
    const limit = limits[name];
    return limit === null ? [] : [`${count(limit)} ${label.toLowerCase()}`];
  });
  return words.length > 0 ? words.join(', ') : 'none';
}
