// A vendor of realtime sessions, as OpenAI's are: whoever speaks hears every frame again, as the sound of an answer, and an answer
// ends after so many frames. PORT comes from the environment.
import { WebSocketServer } from 'ws';

/** Three seconds of frames of 100 ms. */
const FRAMES_PER_ANSWER = 30;
const FRAMES_PER_WORD = 5;
const USAGE = {
  total_tokens: 190,
  input_tokens: 130,
  output_tokens: 60,
  input_token_details: { text_tokens: 100, audio_tokens: 30, image_tokens: 0, cached_tokens: 0 },
  output_token_details: { text_tokens: 10, audio_tokens: 50 },
};

let ids = 0;
const idOf = kind => `${kind}_${String((ids += 1)).padStart(21, '0')}`;

new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1', perMessageDeflate: false }).on(
  'connection',
  socket => {
    let response = null;
    let head = Math.floor(Math.random() * FRAMES_PER_ANSWER); // no two callers speak in step
    const say = (type, event = {}) =>
      socket.send(JSON.stringify({ type, event_id: idOf('event'), ...event }));
    say('session.created', { session: { type: 'realtime', id: idOf('sess'), model: 'gpt-realtime' } });
    socket.on('message', data => {
      const event = JSON.parse(data);
      if (event.type !== 'input_audio_buffer.append') {
        return;
      }
      response ??= begin(say, head);
      const { place, frames } = response;
      say('response.output_audio.delta', { ...place, delta: event.audio });
      response.frames += 1;
      if (frames % FRAMES_PER_WORD === 0) {
        say('response.output_audio_transcript.delta', { ...place, delta: ' word' });
      }
      if (response.frames === FRAMES_PER_ANSWER) {
        end(say, response);
        response = null;
        head = 0;
      }
    });
    socket.on('error', () => socket.terminate());
  },
);

/** @param frames that it is to be shorter */
function begin(say, frames) {
  const [response_id, item_id] = [idOf('resp'), idOf('item')];
  say('input_audio_buffer.speech_stopped', { audio_end_ms: 2000, item_id: idOf('item') });
  say('input_audio_buffer.committed', { item_id: idOf('item') });
  say('response.created', {
    response: { object: 'realtime.response', id: response_id, status: 'in_progress' },
  });
  say('response.output_item.added', { response_id, output_index: 0, item: { id: item_id, type: 'message' } });
  return { place: { response_id, item_id, output_index: 0, content_index: 0 }, frames };
}

function end(say, { place }) {
  say('response.output_audio.done', place);
  say('response.output_audio_transcript.done', { ...place, transcript: 'word word word word word word' });
  const { response_id: id } = place;
  say('response.done', { response: { object: 'realtime.response', id, status: 'completed', usage: USAGE } });
}
