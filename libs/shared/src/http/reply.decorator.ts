// oxlint-disable-next-line no-restricted-imports -- the one door to the raw response
import { Res } from '@nestjs/common';

/** The raw response, for the handlers whose answers are written piece by piece. */
export const Reply = (): ParameterDecorator => Res();

/** The same, for a handler that sets a header and returns what is to be sent. */
export const ReplyHead = (): ParameterDecorator => Res({ passthrough: true });
