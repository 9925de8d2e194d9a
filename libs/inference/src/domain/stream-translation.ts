import { type GenerationRequest, readingFreeText, type StreamWriter } from '@app/dialects';
import { estimateUsage } from './estimate.js';
import { annotation, type Exchange } from './exchange.js';
import type { ProjectSeal } from './signature-seal.js';
import { TranslatedStream } from './translated.stream.js';

/** Writes a stream for its caller. @param latest who answers by then, for what is told at the end */
export function streamWriter(
  latest: () => Exchange,
  request: GenerationRequest,
  seal: ProjectSeal,
): StreamWriter {
  const { call, dialect, meter, echo, givenAt } = latest();
  return dialect.streamWriter(request, {
    requestId: call.id,
    model: meter.modelAsked,
    seal,
    llmhub: usage => annotation(latest(), usage),
    echo,
    givenAt,
  });
}

/** The stream of a vendor as its caller wants it. */
export function translated(
  { dialect, route, asked }: Exchange,
  request: GenerationRequest,
  writer: StreamWriter,
): TranslatedStream {
  return new TranslatedStream({
    vendor: route.vendor.id,
    token: route.dialect.token,
    reader: readingFreeText(route.dialect.streamReader(route.target, dialect.id), request.tools),
    writer,
    estimate: outputTokens => estimateUsage(asked ?? {}, outputTokens),
  });
}
