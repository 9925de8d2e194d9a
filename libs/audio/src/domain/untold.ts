import type { TranscriptFormat } from '@app/dialects';
import type { Route } from '@app/routing';
import { InvalidRequestError } from '@app/shared';

/** 400: the format is made of what that model does not tell. */
export class FormatNotToldError extends InvalidRequestError {
  constructor(
    format: TranscriptFormat,
    { what, instead }: { readonly what: string; readonly instead: string },
    { vendor, target }: Pick<Route, 'vendor' | 'target'>,
  ) {
    super(
      `'${vendor.id}/${target.model}' does not tell ${what}, as 'response_format' ${format} needs. Ask for json or text, or choose another model, such as ${instead}.`,
      'response_format',
      'unsupported_format',
    );
  }
}

/** What speaks against asking for that format there; null when nothing is known to. */
export function untold(
  format: TranscriptFormat,
  route: Pick<Route, 'vendor' | 'target'>,
): FormatNotToldError | null {
  const { untimed, speakerless } = route.vendor.hearing ?? {};
  const { model } = route.target;
  switch (format) {
    case 'json':
    case 'text':
      return null;
    case 'diarized_json':
      return speakerless?.test(model)
        ? new FormatNotToldError(
            format,
            { what: 'who said what', instead: 'gpt-4o-transcribe-diarize' },
            route,
          )
        : null;
    default:
      return untimed?.test(model)
        ? new FormatNotToldError(format, { what: 'when words were said', instead: 'whisper-1' }, route)
        : null;
  }
}
