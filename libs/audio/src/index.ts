export { readFields as readTranscriptionFields } from './domain/transcription.fields.js';
export { AudioVendors } from './domain/audio-vendors.js';
export { SpeechService } from './domain/speech.service.js';
export { TranscriptionService } from './domain/transcription.service.js';
export { AudioModule } from './audio.module.js';
export { TranscriptionSweep } from './domain/history/expiry-sweep.js';
export { TranscriptionHistory } from './domain/history/transcription-history.service.js';
export { TranscriptionRecordRepository } from './domain/history/transcription-record.repository.js';
export { TranscriptionStorageModule } from './transcription-storage.module.js';
