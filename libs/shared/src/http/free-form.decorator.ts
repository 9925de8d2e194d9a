import { Transform, Type } from 'class-transformer';

const NAMES = new Set<string>();

/**
 * A field of a management body whose object has members of the caller's choice, also such as `constructor`: it is taken as it
 * came, and needs a validator that looks at the object's own members only.
 */
export function FreeForm(): PropertyDecorator {
  // What the transformer makes of a truth value does not look into it: members such as `constructor` would make it stumble.
  const unread = Type(() => Boolean);
  const asItCame = Transform(({ obj, key }): unknown => (obj as Readonly<Record<string, unknown>>)[key]);
  return (prototype, name) => {
    NAMES.add(String(name));
    unread(prototype, name);
    asItCame(prototype, name);
  };
}

/** Whether some body has a free-form field of that name. */
export function mayBeFreeForm(name: string): boolean {
  return NAMES.has(name);
}
