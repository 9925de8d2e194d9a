import { type HTMLInputTypeAttribute, type ReactElement, type ReactNode, useContext, useId } from 'react';
import { RefusalContext } from './form.js';

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
  /** What may be put in, among other things. */
  readonly suggestions?: readonly string[];
  /** Makes it a text of so many lines. */
  readonly rows?: number;
  /** Of a choice. */
  readonly onChoose?: (value: string) => void;
}

/** What a form asks for, and what the gateway says against it. */
export function Field({ label, hint, ...asked }: FieldProps): ReactElement {
  const id = useId();
  const refusal = useContext(RefusalContext);
  const isRefused = refusal?.param === asked.name;
  return (
    <div className={asked.rows ? 'field wide' : 'field'}>
      <label htmlFor={id}>{label}</label>
      <Control {...asked} id={id} isRefused={isRefused} describedBy={`${id}-hint ${id}-refusal`} />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      <p id={`${id}-refusal`} role="alert" className="failure">
        {isRefused && refusal?.message}
      </p>
    </div>
  );
}

interface ControlProps extends Omit<FieldProps, 'label' | 'hint'> {
  readonly id: string;
  readonly describedBy: string;
  readonly isRefused: boolean;
}

function Control(asked: ControlProps): ReactElement {
  const { describedBy, isRefused, options, suggestions, rows, isRequired, onChoose, value, ...others } =
    asked;
  const { type = 'text', ...rest } = others;
  const shared = {
    ...rest,
    defaultValue: value ?? '',
    required: isRequired,
    autoComplete: 'off',
    'aria-describedby': describedBy,
    'aria-invalid': isRefused || undefined,
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
  if (rows) {
    return <textarea {...shared} rows={rows} spellCheck={false} />;
  }
  const list = suggestions && `${asked.id}-suggestions`;
  return (
    <>
      <input {...shared} type={type} list={list} step={type === 'number' ? 'any' : undefined} />
      {suggestions && (
        <datalist id={list}>
          {suggestions.map(text => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </>
  );
}
