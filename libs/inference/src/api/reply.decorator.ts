// oxlint-disable-next-line no-restricted-imports -- the one door to the raw response; see CallerReply for the reason
import { Res } from '@nestjs/common';

/** The raw response, for the handlers whose answers the pipeline writes byte by byte. */
export const Reply = (): ParameterDecorator => Res();
