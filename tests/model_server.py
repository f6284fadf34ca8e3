"""A stand-in for the providers of models: it speaks the protocol of each, streaming, and misbehaves as told."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-test-0123456789abcdef"


@dataclass
class Answer:
    """One answer of the model, or of what stands before it."""

    text: str = ""
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: str = ""  # of a status that is no success
    cut_after: int = -1  # the connection ends after so many messages of the stream
    garbage: bool = False  # what is no protocol at all
    error: str = ""  # a failure inside the stream, of this type
    pause: float = 0  # seconds between messages
    stop: str = "stop"  # or "length": the model ran into its bound


class ModelServer:
    """Gives one answer after another, the last one again and again; keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = [Answer(each) if isinstance(each, str) else each for each in answers]
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, dict(self.headers), json.loads(body)))
                answer = outer.answers[min(len(outer.asked), len(outer.answers)) - 1]
                try:
                    outer._answer(self, answer)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def environment(self, provider="anthropic", **settings):
        names = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY", "perplexity": "PERPLEXITY_API_KEY"}
        keys = {names[provider]: KEY} if provider in names else {}
        settings = {"provider": provider, "base_url": self.url, **settings}
        return {**keys, **{f"TRADEASSIST_RESEARCH_{name.upper()}": str(value) for name, value in settings.items()}}

    def said(self, number=-1):
        """The last message of a request."""
        return self.asked[number][2]["messages"][-1]["content"]

    def _answer(self, handler, answer):
        path = handler.path
        refusal = self._refusal(handler, path)
        status = answer.status if refusal is None else 401
        if status != 200:
            body = (answer.body if refusal is None else refusal).encode()
            handler.send_response(status)
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
            return
        handler.send_response(200)
        lines = path == "/api/chat"
        handler.send_header("Content-Type", "application/x-ndjson" if lines else "text/event-stream; charset=utf-8")
        handler.send_header("Connection", "close")
        handler.end_headers()
        if answer.garbage:
            handler.wfile.write(b"data: <html>502 Bad gateway</html>\n\n<html>\n")
            return
        frames = {"/v1/messages": anthropic, "/api/chat": ollama}.get(path, completions)(answer)
        for number, frame in enumerate(frames):
            if number == answer.cut_after:
                return
            handler.wfile.write(frame)
            handler.wfile.flush()
            time.sleep(answer.pause)

    @staticmethod
    def _refusal(handler, path):
        given = handler.headers.get("x-api-key") if path == "/v1/messages" else handler.headers.get("Authorization")
        wanted = {"/v1/messages": KEY, "/api/chat": None}.get(path, f"Bearer {KEY}")
        if wanted is None or given == wanted:
            return None
        return json.dumps({"error": {"type": "authentication_error", "message": f"invalid key: {given}"}})


def pieces(text):
    """The text as a model gives it, bit by bit; never none."""
    return [text[i : i + 7] for i in range(0, len(text), 7)] or [""]


def event(data, name=""):
    return (f"event: {name}\n" if name else "").encode() + b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def anthropic(answer):
    def one(data):
        return event(data, data["type"])

    yield one({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant",
                                                    "content": [], "usage": {"input_tokens": 120, "output_tokens": 1}}})  # fmt: skip
    yield one({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    yield one({"type": "ping"})
    if answer.error:
        yield one({"type": "error", "error": {"type": answer.error, "message": "Overloaded"}})
        return
    for piece in pieces(answer.text):
        yield one({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
    yield one({"type": "content_block_stop", "index": 0})
    reason = "max_tokens" if answer.stop == "length" else "end_turn"
    yield one({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None},
               "usage": {"output_tokens": 30}})  # fmt: skip
    yield one({"type": "message_stop"})


def completions(answer):
    def chunk(delta, reason=None):
        return event({"id": "c", "object": "chat.completion.chunk",
                      "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})  # fmt: skip

    yield chunk({"role": "assistant", "content": ""})
    if answer.error:
        yield event({"error": {"type": answer.error, "message": "The server had an error"}})
        return
    for piece in pieces(answer.text):
        yield chunk({"content": piece})
    yield chunk({}, answer.stop)
    yield event({"id": "c", "choices": [], "usage": {"prompt_tokens": 120, "completion_tokens": 30}})
    yield b"data: [DONE]\n\n"


def ollama(answer):
    def line(data):
        return json.dumps(data).encode() + b"\n"

    if answer.error:
        yield line({"error": answer.error})
        return
    for piece in pieces(answer.text):
        yield line({"model": "llama3.1", "message": {"role": "assistant", "content": piece}, "done": False})
    yield line({"model": "llama3.1", "message": {"role": "assistant", "content": ""}, "done": True,
                "done_reason": answer.stop, "prompt_eval_count": 120, "eval_count": 30})  # fmt: skip
