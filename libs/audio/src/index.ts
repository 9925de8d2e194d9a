export { readFields as readTranscriptionFields } from './domain/transcription.fields.js';
export { SpeechService } from './domain/speech.service.js';
export { TranscriptionService } from './domain/transcription.service.js';
export { AudioModule } from './audio.module.js';
