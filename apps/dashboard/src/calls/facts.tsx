import { type ReactElement, type ReactNode, useId } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

interface FactsProps {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** A table below them, which needs the whole width. */
  readonly children?: ReactNode;
}

/** Names and values. */
export function Facts({ title, facts, children }: FactsProps): ReactElement {
  const id = useId();
  return (
    <section className={children ? 'card wide' : 'card'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  );
}
