"""A local speech recogniser (CMU's PocketSphinx, with the English model in its package) behind OpenAI's API for transcriptions.

    python recogniser.py PORT

It takes wav by itself, and whatever else ffmpeg reads where that is installed. For tests: one recording at a time.
"""

import email
import email.policy
import io
import json
import subprocess
import sys
import wave
from http.server import BaseHTTPRequestHandler, HTTPServer

from pocketsphinx import Decoder

RATE = 16_000
FRAMES_PER_SECOND = 100

decoder = Decoder(samprate=RATE, loglevel="FATAL")


def samples_of(recording: bytes) -> bytes:
    """Of 16 bits, one channel. Raises ValueError for what is no recording."""
    if recording[:4] != b"RIFF":
        return converted(recording)
    with wave.open(io.BytesIO(recording)) as wav:
        if (wav.getframerate(), wav.getsampwidth(), wav.getnchannels()) != (RATE, 2, 1):
            return converted(recording)
        return wav.readframes(wav.getnframes())


def converted(recording: bytes) -> bytes:
    command = ["ffmpeg", "-v", "error", "-i", "-", "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-"]
    try:
        return subprocess.run(command, input=recording, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise ValueError("Invalid file format.") from error


def recognise(samples: bytes) -> dict:
    """What OpenAI calls `verbose_json`."""
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    words = [
        {
            "word": said.word.split("(")[0],  # `a(2)` is another way to speak it
            "start": said.start_frame / FRAMES_PER_SECOND,
            "end": (said.end_frame + 1) / FRAMES_PER_SECOND,
        }
        for said in decoder.seg()
        if said.word[0] not in "<["
    ]
    text = " ".join(word["word"] for word in words)
    duration = len(samples) / 2 / RATE
    segment = {"id": 0, "start": 0, "end": duration, "text": text}
    return {
        "task": "transcribe",
        "language": "english",
        "duration": duration,
        "text": text,
        "words": words,
        "segments": [segment],
    }


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/v1/audio/transcriptions":
            self.answer(404, problem(f"Unknown URL: {self.path}"))
            return
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        fields = {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}
        try:
            found = recognise(samples_of(fields["file"].get_payload(decode=True)))
        except (KeyError, ValueError, EOFError, wave.Error) as error:
            self.answer(400, problem(str(error)))
            return
        wanted = fields["response_format"].get_content().strip() if "response_format" in fields else "json"
        self.answer(200, found if wanted == "verbose_json" else {"text": found["text"]})

    def answer(self, status: int, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:
        pass


def problem(message: str) -> dict:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
