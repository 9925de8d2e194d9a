import { ValidateBy } from 'class-validator';

const DECIMALS = 9;
/** Nine million: its nano-USD are counted exactly. */
const MOST_USD = 9_000_000;

/** Validates a field: an amount in US dollars that is a whole number of nano-USD. */
export function IsUsd(): PropertyDecorator {
  return ValidateBy({
    name: 'isUsd',
    validator: {
      validate: isUsd,
      defaultMessage: () =>
        `$property must be a number from 0 to ${MOST_USD}, with ${DECIMALS} decimals at most`,
    },
  });
}

function isUsd(value: unknown): boolean {
  return (
    typeof value === 'number' && value >= 0 && value <= MOST_USD && Number(value.toFixed(DECIMALS)) === value
  );
}
