import { type HTMLInputTypeAttribute, type ReactElement, type ReactNode, useId } from 'react';

export type Option = readonly [value: string, name: string];

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value?: string | number | null;
  readonly type?: HTMLInputTypeAttribute;
  readonly placeholder?: string;
  readonly hint?: ReactNode;
  readonly isRequired?: boolean;
  /** Makes it a choice of these. */
  readonly options?: readonly Option[];
  /** Makes it a text of so many lines. */
  readonly rows?: number;
  /** Of a choice. */
  readonly onChoose?: (value: string) => void;
}

/** What a form asks for. */
export function Field({ label, hint, ...asked }: FieldProps): ReactElement {
  const id = useId();
  return (
    <div className={asked.rows ? 'field wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      <Control {...asked} id={id} describedBy={hint ? `${id}-hint` : undefined} />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface ControlProps extends Omit<FieldProps, 'label' | 'hint'> {
  readonly id: string;
  readonly describedBy: string | undefined;
}

function Control({ describedBy, options, rows, isRequired, onChoose, ...asked }: ControlProps): ReactElement {
  const { value, type = 'text', ...rest } = asked;
  const shared = {
    ...rest,
    defaultValue: value ?? '',
    required: isRequired,
    'aria-describedby': describedBy,
  };
  if (options) {
    return (
      <select {...shared} onChange={({ target }) => onChoose?.(target.value)}>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    );
  }
  return rows ? <textarea {...shared} rows={rows} spellCheck={false} /> : <input {...shared} type={type} />;
}
