import type { ReactElement } from 'react';

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly hint: string;
}

/** One number. */
export function Tile({ name, value, hint }: TileProps): ReactElement {
  return (
    <div className="card tile">
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <span className="hint">{hint}</span>
      </dd>
    </div>
  );
}
