import { LiveClient } from './support/live-client.js';
import { RealtimeSessions } from './support/realtime-sessions.js';
import { answer, audio, inWords, MODEL, said } from './support/realtime-events.js';
import { silence, tone } from './support/sound.js';

const sessions = new RealtimeSessions();

const heard = (more: object = {}) => ({
  type: 'session.update',
  session: {
    type: 'realtime',
    output_modalities: ['text'],
    audio: {
      input: { transcription: { model: 'gpt-4o-transcribe', prompt: '[[sim:say Good morning.]]' } },
    },
    ...more,
  },
});

describe('speech', () => {
  it('is found by its energy, and answered', async () => {
    const client = await sessions.open(heard(), audio(silence(600)), audio(tone(1000), silence(400)));
    const { response } = (await client.untilType('response.done')) as { response: Record<string, unknown> };
    await client.untilType('conversation.item.input_audio_transcription.completed');

    const started = await client.untilType('input_audio_buffer.speech_started');
    const stopped = await client.untilType('input_audio_buffer.speech_stopped');
    expect(started).toMatchObject({ audio_start_ms: 300 });
    expect(stopped).toMatchObject({ audio_end_ms: 1800, item_id: started['item_id'] });
    expect(response).toMatchObject({
      output: [{ content: [{ text: 'You said: Good morning. (2 words).' }] }],
      usage: { input_token_details: { audio_tokens: 15 } },
    });
    expect(sessions.simulator.bill()['openai']).toMatchObject({
      [MODEL]: { calls: 1, audio_input: 15, audio_output: 0 },
      'gpt-4o-transcribe': { calls: 1, audio_input: 15, output: 4 },
    });
  });

  it('of silence alone is none', async () => {
    const client = await sessions.open(heard(), audio(silence(3000)), said('and now'));
    await client.untilType('conversation.item.done');
    expect(client.types).not.toContain('input_audio_buffer.speech_started');
  });

  it('interrupts an answer, of which no more comes than was said', async () => {
    const client = await sessions.open(said('[[sim:count 1000]] [[sim:fault pace=5]]'), answer);
    await client.untilType('response.output_audio.delta', 3);
    client.send(audio(tone(400)));
    const { response } = (await client.untilType('response.done')) as {
      response: { id: string; output: unknown };
    };

    expect(response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [{ status: 'incomplete' }],
    });
    const types = client.types;
    expect(types.indexOf('input_audio_buffer.speech_started')).toBeLessThan(types.indexOf('response.done'));
    expect(sessions.simulator.bill()['openai']?.[MODEL]?.audio_output).toBeLessThan(1000);

    client.send(audio(silence(300)));
    await client.untilType('response.done', 2);
  });

  it('may be committed by hand, and is not answered then', async () => {
    const byHand = { type: 'realtime', audio: { input: { turn_detection: null } } };
    const client = await sessions.open({ type: 'session.update', session: byHand }, audio(silence(50)));
    client.send({ type: 'input_audio_buffer.commit' });
    expect(await client.untilType('error')).toMatchObject({
      error: { code: 'input_audio_buffer_commit_empty' },
    });
    client.send(audio(tone(450)), { type: 'input_audio_buffer.commit' });
    const item = await client.untilType('conversation.item.done');
    expect(item).toMatchObject({ item: { role: 'user', content: [{ type: 'input_audio' }] } });
    client.send({ type: 'input_audio_buffer.clear' });
    await client.untilType('input_audio_buffer.cleared');
    expect(client.types).not.toContain('response.created');
  });

  it('is only written down in a session of transcription', async () => {
    const client = await LiveClient.open(`${sessions.simulator.url}/v1/realtime?intent=transcription`);
    const transcription = { model: 'gpt-realtime-whisper' };
    client.send({
      type: 'session.update',
      session: { type: 'transcription', audio: { input: { transcription } } },
    });
    client.send(audio(tone(1200), silence(500)));
    const completed = await client.untilType('conversation.item.input_audio_transcription.completed');
    expect(completed).toMatchObject({
      transcript: 'I spoke for 1400 ms.',
      usage: { type: 'duration', seconds: 2 },
    });
    client.send(answer);
    await client.untilType('error');
    expect(sessions.simulator.bill()['openai']).toEqual({
      'gpt-realtime-whisper': expect.objectContaining({ calls: 1, audio_seconds: 2 }) as unknown,
    });
    await client.close();
  });

  it('whose transcription fails is answered all the same', async () => {
    const audioIn = { input: { transcription: { model: 'no-such-model' } } };
    const client = await sessions.open(heard({ audio: audioIn }), audio(tone(500), silence(400)));
    await client.untilType('conversation.item.input_audio_transcription.failed');
    await client.untilType('response.done');
  });
});

describe('items and answers', () => {
  it('are retrieved, truncated and deleted', async () => {
    const client = await sessions.open(said('[[sim:say One two three four.]]'), answer);
    const { response } = (await client.untilType('response.done')) as {
      response: { output: { id: string }[] };
    };
    const item_id = response.output[0]?.id;
    client.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 500 });
    expect(await client.untilType('conversation.item.truncated')).toMatchObject({
      item_id,
      audio_end_ms: 500,
    });
    client.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 501 });
    expect(await client.untilType('error')).toMatchObject({ error: { code: 'invalid_value' } });
    client.send({ type: 'conversation.item.retrieve', item_id });
    expect(await client.untilType('conversation.item.retrieved')).toMatchObject({ item: { id: item_id } });
    client.send(
      { type: 'conversation.item.delete', item_id },
      { type: 'conversation.item.retrieve', item_id },
    );
    await client.untilType('conversation.item.deleted');
    expect(await client.untilType('error', 2)).toMatchObject({ error: { param: 'item_id' } });
  });

  it('are one at a time, until the client cancels', async () => {
    const client = await sessions.open(
      inWords,
      said('[[sim:count 1000]] [[sim:fault pace=5]]'),
      answer,
      answer,
    );
    expect(await client.untilType('error')).toMatchObject({
      error: { code: 'conversation_already_has_active_response' },
    });
    client.send({ type: 'response.cancel' });
    expect(await client.untilType('response.done')).toMatchObject({
      response: { status: 'cancelled', status_details: { reason: 'client_cancelled' } },
    });
  });

  it('may be out of band, with settings and items of their own', async () => {
    const client = await sessions.open(inWords, said('kept'));
    await client.untilType('conversation.item.done');
    const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'aside' }] }];
    client.send({
      type: 'response.create',
      response: { conversation: 'none', input, metadata: { topic: 'a' } },
    });
    expect(await client.untilType('response.done')).toMatchObject({
      response: {
        conversation_id: null,
        metadata: { topic: 'a' },
        output: [{ content: [{ text: 'You said: aside (1 words).' }] }],
      },
    });
    expect(client.types.filter(type => type === 'conversation.item.added')).toHaveLength(1);
  });
});

it('tells and bills the usage that a prompt scripts', async () => {
  const client = await sessions.open(
    said('[[sim:usage input=100,cached=40,audio-in=30,output=50,audio-out=20]]'),
    answer,
  );
  expect(await client.untilType('response.done')).toMatchObject({
    response: {
      usage: {
        total_tokens: 150,
        input_token_details: { text_tokens: 70, audio_tokens: 30, cached_tokens: 40 },
        output_token_details: { text_tokens: 30, audio_tokens: 20 },
      },
    },
  });
  expect(sessions.simulator.bill()['openai']?.[MODEL]).toMatchObject({
    input: 100,
    cached: 40,
    output: 50,
    audio_input: 30,
    audio_output: 20,
  });
});
