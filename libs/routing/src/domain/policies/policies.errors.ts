import { ConflictError } from '@app/shared';

/** 409 */
export class PolicyNameTakenError extends ConflictError {
  constructor(name: string) {
    super(
      `The project has a routing policy '${name}' already. Change that one, or choose another name.`,
      'policy_name_taken',
    );
  }
}

/** 409 */
export class TooManyPoliciesError extends ConflictError {
  constructor(limit: number) {
    super(
      `A project has ${limit} routing policies at most. Delete one that is not used.`,
      'too_many_policies',
    );
  }
}
