import { type ArgumentMetadata, type ValidationError, ValidationPipe } from '@nestjs/common';
import { InvalidRequestError } from '../errors/gateway.error.js';
import { explainDepth } from '../errors/nesting.error.js';

interface Problem {
  readonly field: string;
  readonly text: string;
}

class DepthAwareValidationPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      refuseInherited(value);
      return await super.transform(value, metadata);
    } catch (error) {
      throw explainDepth(error);
    }
  }
}

/** Unknown fields that the validator overlooks, because every object has members of that name. */
function refuseInherited(value: unknown, parent = ''): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const field = parent === '' ? name : `${parent}.${name}`;
    if (name in Object.prototype) {
      throw new InvalidRequestError(`Correct the request: ${field} is not a known field.`, field);
    }
    refuseInherited(member, field);
  }
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
