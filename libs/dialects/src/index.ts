export { anthropicMessagesClient, messagesCount } from './anthropic-messages/client.js';
export { anthropicErrorSchema, messagesOpenApi, tokenCountOpenApi } from './anthropic-messages/openapi.js';
export { anthropicMessagesVendor } from './anthropic-messages/vendor.js';
export {
  type Answer,
  type AnswerSummary,
  type Choice,
  type Logprobs,
  type StreamEvent,
  summaryOf,
} from './domain/answer.js';
export { annotate } from './domain/annotated.js';
export { toJson } from './domain/wire.js';
export type { LlmHub } from './domain/llmhub.js';
export type {
  CustomTool,
  FunctionTool,
  GenerationRequest,
  HostedTool,
  NativeFields,
  ReasoningSettings,
  ResponseFormat,
  Settings,
  Tool,
  ToolChoice,
  ToolSettings,
  Turn,
} from './domain/conversation.js';
export type {
  AnswerMeta,
  ClientDialect,
  ImageDialect,
  ModelTraits,
  Passage,
  Passing,
  Quirks,
  SignatureSeal,
  StreamMeta,
  StreamReader,
  StreamWriter,
  Target,
  ToldCount,
  VendorDialect,
  VendorFailure,
} from './domain/dialect.js';
export { parseExact } from './domain/exact-json.js';
export { asWritten } from './domain/field-names.js';
export { readingFreeText, withFreeText } from './domain/free-text-calls.js';
export { fitToModel } from './domain/fit-to-model.js';
export type { Finish, FinishReason } from './domain/finish-reason.js';
export {
  IMAGE_TASKS,
  type ImageAnswer,
  type ImageBytes,
  type ImageRequest,
  type ImageTask,
} from './domain/images.js';
export { isoTime } from './domain/iso-time.js';
export { USUAL_LIVE_SETTINGS } from './domain/live-crossing.js';
export { bytesOfBase64, decodedBytes } from './sound/base64.js';
export { BYTES_PER_SAMPLE, durationOf } from './sound/pcm.js';
export type {
  CallerSaid,
  CrossingParts,
  LiveAct,
  LiveActivity,
  LiveCall,
  LiveCallerSide,
  LiveEnd,
  LiveEvent,
  LiveItem,
  LiveSettings,
  LiveVendorSide,
  Sound,
  VendorSaid,
} from './domain/live-crossing.js';
export { type Loss, Losses, UnsupportedFieldsError } from './domain/losses.js';
export { type InputBound, inputBoundOf } from './domain/input-bound.js';
export { estimateInput, estimateTokens } from './domain/input-estimate.js';
export { OUTPUT_LIMITS, outlineOf, type RequestOutline } from './domain/request-outline.js';
export type { ModelListing, ModelPage, VendorModel } from './domain/model-list.js';
export type {
  CacheMark,
  Citation,
  DialectId,
  MediaPart,
  MediaSource,
  NativePart,
  Part,
  ReasoningPart,
  RefusalPart,
  ResultPart,
  Signature,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from './domain/part.js';
export type { TaskAnswer, TaskClient, TaskMeta, TaskRequest, TaskTarget, TaskVendor } from './domain/task.js';
export { isNothing, type Usage, wholeCount } from './domain/usage.js';
export type { LiveDialect, LiveFailure, LiveNames, LiveNews } from './domain/live.js';
export type { LiveMemory, LivePlace, LiveReplay, LiveResumed } from './domain/live-memory.js';
export { geminiLive, modelOfSetup } from './gemini-live/gemini-live.dialect.js';
export { handlesOfSetup } from './gemini-live/handles.js';
export { openAiRealtime } from './openai-realtime/openai-realtime.dialect.js';
export { transcriberOf } from './openai-realtime/caller-events.js';
export { NoActiveResponseError } from './openai-realtime/no-active-response.error.js';
export { greetTranscription, OpenAiTranscriptionSide } from './openai-realtime/transcription-side.js';
export { contentCount, geminiClient } from './gemini/client.js';
export { embeddingClient } from './embeddings/answer.writer.js';
export { bedrockEmbeddings } from './embeddings/bedrock.vendor.js';
export { cohereAddress, cohereEmbeddings } from './embeddings/cohere.vendor.js';
export type { EmbeddingClient, EmbeddingRequest, EmbeddingVendor } from './embeddings/embedding.js';
export { embedContentClient, batchEmbedContentsClient } from './embeddings/gemini.client.js';
export { vertexEmbeddings } from './embeddings/vertex.vendor.js';
export { geminiEmbeddings } from './embeddings/gemini.vendor.js';
export { OpenAiEmbeddings } from './embeddings/openai.vendor.js';
export { embedContentOpenApi } from './embeddings/gemini-openapi.js';
export { embeddingsOpenApi } from './embeddings/openapi.js';
export { geminiErrorSchema, generateContentOpenApi } from './gemini/openapi.js';
export { geminiVendor } from './gemini/vendor.js';
export { moderationClient } from './moderation/answer.writer.js';
export type { ModerationClient, ModerationRequest, ModerationVendor } from './moderation/moderation.js';
export { moderationOpenApi } from './moderation/openapi.js';
export { mistralModeration, openAiModeration } from './moderation/vendors.js';
export { writeImageEvents, writeImages } from './openai-images/answer.writer.js';
export { imageOpenApi } from './openai-images/openapi.js';
export { readImageRequest } from './openai-images/request.reader.js';
export { readImageUsage } from './openai-images/usage.js';
export { deepgramSpeech } from './speech/deepgram.vendor.js';
export { elevenLabsSpeech } from './speech/elevenlabs.vendor.js';
export { geminiSpeech } from './speech/gemini.vendor.js';
export { readSpeechUsage } from './speech/openai-usage.js';
export {
  SPEECH_TYPES,
  type SpeechFormat,
  type SpeechRequest,
  type SpeechVendor,
  type WrittenSpeech,
} from './speech/vendor.js';
export { wavHeader } from './speech/wav.js';
export { finishWord } from './openai-chat/finish-reason.js';
export { openAiChatClient, openAiChatVendor } from './openai-chat/openai-chat.dialect.js';
export { BackgroundFinder, type BackgroundUsage } from './openai-responses/background-finder.js';
export { conversationsOpenApi, keptOpenApi } from './openai-responses/kept-openapi.js';
export { compactionOpenApi, inputTokensOpenApi, responsesOpenApi } from './openai-responses/openapi.js';
export {
  openAiResponsesClient,
  openAiResponsesVendor,
  responsesCount,
} from './openai-responses/openai-responses.dialect.js';
export { assertReadable, keepableItems } from './openai-responses/keepable-items.js';
export { isShownElsewhere } from './openai-responses/own-body.js';
export { pendingResponse, ResponseIds } from './openai-responses/response-object.js';
export { chatCompletionOpenApi, errorSchema } from './openai-chat/openapi.js';
export { rerankClient } from './rerank/answer.writer.js';
export { CompatibleRerank } from './rerank/compatible.vendor.js';
export { rerankOpenApi } from './rerank/openapi.js';
export type { RerankClient, RerankRequest, RerankVendor } from './rerank/rerank.js';
export {
  openAiCompletionsClient,
  openAiCompletionsVendor,
} from './openai-completions/openai-completions.dialect.js';
export { completionsOpenApi } from './openai-completions/openapi.js';
export { deepgramTranscription } from './transcription/deepgram.vendor.js';
export { elevenLabsTranscription } from './transcription/elevenlabs.vendor.js';
export { geminiTranscription } from './transcription/gemini.vendor.js';
export { mistralTranscription } from './transcription/mistral.vendor.js';
export { noTranscription, readTranscription, readTranscriptionUsage } from './transcription/openai.reader.js';
export { segmentsOf } from './transcription/segments.js';
export { writeSrt, writeVtt } from './transcription/subtitles.writer.js';
export {
  type Segment,
  type Transcript,
  TRANSCRIPT_FORMATS,
  type TranscriptFormat,
  type Word,
} from './transcription/transcript.js';
export {
  type TranscriptShape,
  writeTranscript,
  writeTranscriptionUsage,
  writeTranscriptDelta,
  writeTranscriptDone,
  writeTranscriptEvents,
} from './transcription/transcript.writer.js';
export type { TranscriptionVendor, TranscriptRequest } from './transcription/vendor.js';
export { type ToldUsage, UsageFinder } from './usage-finder.js';
