import { isObject } from '@app/shared';

/** What is looked for in JSON, at any depth. Names tell. */
export interface Search {
  readonly isFound: (name: string, member: unknown) => boolean;
  /** Neither such a member nor what is in it. @param owner the object that has it */
  readonly isSkipped: (name: string, owner: Readonly<Record<string, unknown>>) => boolean;
}

export function hasMember(value: unknown, search: Search): boolean {
  if (Array.isArray(value)) {
    return value.some(one => hasMember(one, search));
  }
  return (
    isObject(value) &&
    Object.entries(value).some(
      ([name, member]) =>
        !search.isSkipped(name, value) && (search.isFound(name, member) || hasMember(member, search)),
    )
  );
}
