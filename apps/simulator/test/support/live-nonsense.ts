import { fc } from '../../../../test/support/properties.js';

/** Names that sessions look at, and values that they do not expect there. */
const NAMES =
  `type event_id session item item_id response audio content role output text transcription turn_detection
  input output_modalities tools tool_choice call_id audio_end_ms previous_item_id model format name parameters`.split(
    /\s+/,
  );
const TYPES = `session.update conversation.item.create conversation.item.retrieve conversation.item.delete
  conversation.item.truncate input_audio_buffer.append input_audio_buffer.commit input_audio_buffer.clear
  output_audio_buffer.clear response.create response.cancel message function_call function_call_output realtime
  input_text input_audio user assistant server_vad function`.split(/\s+/);

const { value } = fc.letrec<{ value: unknown; object: unknown }>(tie => ({
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...TYPES, null, '', 0, -1, 1e9, true),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const members = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 });
const nonsense = fc.oneof(fc.string(), fc.uint8Array());

const event = fc
  .tuple(fc.constantFrom(...TYPES), members)
  .map(([type, rest]) => JSON.stringify({ ...rest, type }));
/** Of callers of OpenAI's protocol. */
export const callerNonsense = fc.array(
  fc.oneof({ weight: 8, arbitrary: event }, { weight: 1, arbitrary: nonsense }),
  {
    maxLength: 8,
  },
);

const KINDS = ['clientContent', 'client_content', 'realtimeInput', 'toolResponse', 'setup'];
const PARTS =
  `turns turnComplete parts role text inlineData mimeType data audio activityStart activityEnd audioStreamEnd
  functionResponses id name response mediaChunks model tools functionDeclarations`.split(/\s+/);
const liveMessage = fc
  .dictionary(
    fc.constantFrom(...KINDS),
    fc.dictionary(
      fc.constantFrom(...PARTS),
      fc.oneof(value, fc.dictionary(fc.constantFrom(...PARTS), value)),
    ),
    { minKeys: 1, maxKeys: 2 },
  )
  .map(message => JSON.stringify(message));
/** Of callers of Gemini's. */
export const geminiNonsense = fc.array(
  fc.oneof({ weight: 8, arbitrary: liveMessage }, { weight: 1, arbitrary: nonsense }),
  { maxLength: 6 },
);
