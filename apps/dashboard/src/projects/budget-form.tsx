import type { ReactElement } from 'react';
import { type ApiKey, type Budget, type Page, PERIODS } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { Dialog } from '../form/dialog.js';
import { Field, type Option } from '../form/field.js';
import { Form } from '../form/form.js';
import { listOf, numberOf, textOf } from '../form/text-of.js';

const PERIOD_OPTIONS: readonly Option[] = PERIODS.map(period => [period, period]);
const EACH: readonly Option[] = [
  ['', 'all its calls together'],
  ['key', 'each key'],
  ['endUser', 'each end user'],
  ['tag', 'each tag'],
  ['model', 'each model'],
];
const HARD: readonly Option[] = [
  ['true', 'is refused (402)'],
  ['false', 'is counted'],
];

type Settings = Pick<Budget, 'name' | 'period' | 'hard' | 'keyId' | 'model' | 'each'> & {
  readonly limitUsd: number | null;
};

interface BudgetFormProps {
  /** Of the project. */
  readonly path: string;
  /** Null: a new one. */
  readonly budget: Budget | null;
  readonly onSend: (settings: Settings) => Promise<void>;
  readonly onClose: () => void;
}

export function BudgetForm({ path, budget, onSend, onClose }: BudgetFormProps): ReactElement {
  const keys = useAnswer<Page<ApiKey>>(`${path}/api-keys?limit=100`).answer?.data;
  const each = budget?.each.join(',') ?? '';
  const known = EACH.some(([value]) => value === each);
  return (
    <Dialog title={budget ? `Change ${budget.name}` : 'New budget'} onClose={onClose}>
      <Form action={budget ? 'Change' : 'Create'} onSend={form => onSend(settingsIn(form))}>
        <Field
          name="name"
          label="Name"
          value={budget?.name}
          hint="Callers read it when it is used up."
          isRequired
        />
        <Field
          name="limitUsd"
          label="Limit (US dollars)"
          type="number"
          value={budget?.limitUsd}
          hint="To nine decimals. 0 stops the calls."
          isRequired
        />
        <Field name="period" label="In each" value={budget?.period ?? 'month'} options={PERIOD_OPTIONS} />
        <Field name="hard" label="What might exceed it" value={String(budget?.hard ?? true)} options={HARD} />
        <Field
          key={keys ? 'known' : 'asked'}
          name="keyId"
          label="Of the key"
          value={budget?.keyId}
          options={[['', 'any'], ...(keys ?? []).map(({ id, name }) => [id, name] as const)]}
        />
        <Field
          name="model"
          label="Of the model"
          value={budget?.model}
          placeholder="openai/gpt-5*"
          hint="Empty: any."
        />
        <Field
          name="each"
          label="The limit is for"
          value={each}
          options={known ? EACH : [...EACH, [each, `each ${each}`]]}
        />
      </Form>
    </Dialog>
  );
}

function settingsIn(form: FormData): Settings {
  return {
    name: textOf(form, 'name'),
    limitUsd: numberOf(form, 'limitUsd'),
    period: PERIODS.find(period => period === textOf(form, 'period')) ?? 'month',
    hard: textOf(form, 'hard') === 'true',
    keyId: textOf(form, 'keyId') || null,
    model: textOf(form, 'model') || null,
    each: listOf(form, 'each') ?? [],
  };
}
