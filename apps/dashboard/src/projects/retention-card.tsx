import type { ReactElement } from 'react';
import { patch } from '../api/client.js';
import type { KeptDays, RetainedKind } from '../api/retention-types.js';
import type { Project } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { numberOf } from '../form/text-of.js';
import { count, day } from '../format.js';
import { useMayChange } from '../session/session.js';

interface Kept {
  readonly name: keyof KeptDays;
  readonly kind: RetainedKind['kind'];
  readonly label: string;
  /** What no days mean; absent: they cannot be none. */
  readonly zero?: 'for good' | 'not at all';
}

const KEPT: readonly Kept[] = [
  { name: 'retentionUsageDays', kind: 'usage', label: 'Usage records', zero: 'for good' },
  { name: 'retentionDecisionDays', kind: 'decisions', label: 'Decision records', zero: 'for good' },
  { name: 'retentionResponseDays', kind: 'responses', label: 'Stored responses', zero: 'not at all' },
  { name: 'transcriptionHistoryDays', kind: 'transcriptions', label: 'Transcriptions' },
];

interface RetentionCardProps {
  readonly project: Project;
  readonly path: string;
}

/** For how many days it is kept what belongs to a project. */
export function RetentionCard({ project, path }: RetentionCardProps): ReactElement {
  const { answer, failure, again } = useAnswer<{ readonly data: readonly RetainedKind[] }>(
    '/admin/retention',
  );
  const mayChange = useMayChange();
  const send = async (form: FormData): Promise<void> => {
    await patch(path, Object.fromEntries(KEPT.map(({ name }) => [name, numberOf(form, name)])));
    again();
  };
  const kindOf = ({ kind }: Kept): RetainedKind | undefined => answer?.data.find(kept => kept.kind === kind);
  return (
    <section className="card" aria-labelledby="retention">
      <h2 id="retention">What is kept, in days</h2>
      <p role="alert" className="failure">
        {failure}
      </p>
      {mayChange ? (
        <Form action="Set days" onSend={send} done="What is older goes within minutes. Sums stay.">
          {KEPT.map(kept => (
            <Field
              key={kept.name}
              name={kept.name}
              label={kept.label}
              type="number"
              value={project[kept.name]}
              hint={hintOf(kept, kindOf(kept), project.id)}
            />
          ))}
        </Form>
      ) : (
        <ul>
          {KEPT.map(kept => (
            <li key={kept.name}>
              {kept.label}: {wordsOf(project[kept.name], kept, kindOf(kept))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What the project does not say itself, and where it differs, the oldest that there is of it. */
function hintOf({ zero }: Kept, kept: RetainedKind | undefined, projectId: string): string {
  const own = kept?.projects.find(project => project.projectId === projectId);
  return [
    zero && `0: ${zero}.`,
    kept && `Empty: as the gateway does, ${inWords(kept.days)}.`,
    own?.since && `The oldest is of ${day(own.since)}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function wordsOf(own: number | null, { zero }: Kept, kept: RetainedKind | undefined): string {
  if (own === null) {
    return kept ? inWords(kept.days) : '…';
  }
  return own === 0 && zero ? zero : inWords(own);
}

/** @param days null: for good */
function inWords(days: number | null): string {
  if (days === null) {
    return 'for good';
  }
  return days === 0 ? 'not at all' : `${count(days)} ${days === 1 ? 'day' : 'days'}`;
}
