import { type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import { GatewayError, InvalidRequestError } from '../errors/gateway.error.js';
import { explainDepth, NestedTooDeeplyError } from '../errors/nesting.error.js';
import { mayBeFreeForm } from './free-form.decorator.js';

/** As of the bodies of calls. */
const MAX_DEPTH = 500;

interface Problem {
  readonly field: string;
  readonly text: string;
}

class DepthAwareValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const suspects: string[] = [];
    refuseInherited({ value, field: '', depth: 0 }, suspects);
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      const [suspect] = suspects;
      if (suspect === undefined || error instanceof GatewayError) {
        throw explainDepth(error);
      }
      throw unknownField(suspect); // the transformer stumbled: what is free-form elsewhere is no field here
    }
  }

  /** Nothing: such members are refused, but for those of free-form fields, which the transformer does not copy. */
  protected override stripProtoKeys(): void {}
}

interface Visited {
  readonly value: unknown;
  /** Its path; empty for the whole. */
  readonly field: string;
  readonly depth: number;
}

/**
 * Unknown fields that the validator overlooks, because every object has members of that name. Where they may be in a free-form
 * field, they are suspects only.
 */
function refuseInherited(
  { value, field: parent, depth }: Visited,
  suspects: string[],
  isFree: boolean = false,
): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth === MAX_DEPTH) {
    throw new NestedTooDeeplyError();
  }
  for (const [name, member] of Object.entries(value)) {
    const field = parent === '' ? name : `${parent}.${name}`;
    if (name in Object.prototype) {
      if (!isFree) {
        throw unknownField(field);
      }
      suspects.push(field);
    }
    refuseInherited({ value: member, field, depth: depth + 1 }, suspects, isFree || mayBeFreeForm(name));
  }
}

function unknownField(field: string): InvalidRequestError {
  return new InvalidRequestError(`Correct the request: ${field} is not a known field.`, field);
}

/** Checks management bodies and queries: unknown fields are refused, and the 400 names each field that is wrong. */
export function validationPipe(): ValidationPipe {
  return new DepthAwareValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: errors => {
      const problems = errors.flatMap(error => problemsOf(error, ''));
      const texts = problems.map(({ text }) => text).join('; ');
      return new InvalidRequestError(`Correct the request: ${texts}.`, problems[0]?.field);
    },
  });
}

function problemsOf(
  { property, constraints = {}, children = [] }: ValidationError,
  parent: string,
): Problem[] {
  const field = parent === '' ? property : `${parent}.${property}`;
  const own = Object.entries(constraints).map(([constraint, message]) => ({
    field,
    text: constraint === 'whitelistValidation' ? `${field} is not a known field` : withPath(message, field),
  }));
  return [...own, ...children.flatMap(child => problemsOf(child, field))];
}

/** The validator's messages begin with the last name of the path only. */
function withPath(message: string, field: string): string {
  const name = field.slice(field.lastIndexOf('.') + 1);
  return message.startsWith(name) ? field + message.slice(name.length) : `${field}: ${message}`;
}
