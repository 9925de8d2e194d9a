export { writeAnthropicError } from './anthropic-messages/error.writer.js';
export { anthropicMessagesVendor } from './anthropic-messages/vendor.js';
export {
  type Answer,
  type AnswerSummary,
  type Choice,
  type Logprobs,
  type StreamEvent,
  summaryOf,
} from './domain/answer.js';
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
  VendorDialect,
  VendorFailure,
} from './domain/dialect.js';
export { parseExact } from './domain/exact-json.js';
export type { Finish, FinishReason } from './domain/finish-reason.js';
export {
  IMAGE_TASKS,
  type ImageAnswer,
  type ImageBytes,
  type ImageRequest,
  type ImageTask,
} from './domain/images.js';
export { type Loss, Losses, UnsupportedFieldsError } from './domain/losses.js';
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
  Signature,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from './domain/part.js';
export type { Usage } from './domain/usage.js';
export { writeGeminiError } from './gemini/error.writer.js';
export { geminiVendor } from './gemini/vendor.js';
export { writeImageEvents, writeImages } from './openai-images/answer.writer.js';
export { imageOpenApi } from './openai-images/openapi.js';
export { readImageRequest } from './openai-images/request.reader.js';
export { readImageUsage } from './openai-images/usage.js';
export { writeSrt, writeVtt } from './openai-transcription/subtitles.writer.js';
export {
  readTranscription,
  readTranscriptionUsage,
  type Segment,
  type Transcription,
} from './openai-transcription/transcription.reader.js';
export { writeOpenAiError } from './openai-chat/error.writer.js';
export { openAiChatClient, openAiChatVendor } from './openai-chat/openai-chat.dialect.js';
export {
  chatCompletionChunkSchema,
  chatCompletionOpenApi,
  chatCompletionRequestSchema,
  chatCompletionResponseSchema,
  errorSchema,
} from './openai-chat/openapi.js';
export { type ToldUsage, UsageFinder } from './usage-finder.js';
