import type { FormEvent, ReactElement, ReactNode } from 'react';
import { filledIn } from './text-of.js';

interface FilterFormProps {
  readonly label?: string;
  /** What its button says. */
  readonly action?: string;
  /** Names of those that are told, in the order of an address. */
  readonly fields: readonly string[];
  /** @param filled the names and values that something was put into */
  readonly onAsk: (filled: [name: string, value: string][]) => void;
  readonly children: ReactNode;
}

/** What to look for. Nothing is sent: it goes into the address. */
export function FilterForm({
  label = 'Filters',
  action = 'Search',
  fields,
  onAsk,
  children,
}: FilterFormProps): ReactElement {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onAsk(filledIn(new FormData(event.currentTarget), fields));
  };
  return (
    <form className="card filters" onSubmit={submit} aria-label={label}>
      {children}
      <button type="submit">{action}</button>
    </form>
  );
}
