"""A server that speaks OpenAI's chat protocol and plays models of many characters, by their names.

It reads the prompt as a model would: the numbered passages, and the question below them.
"""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

Passages = dict[int, str]
_PASSAGE = re.compile(r'<passage number="(\d+)">\n(.*?)\n</passage>', re.DOTALL)
_CITED_WORDS = re.compile(r"\[\[(.+?)\]\]")
_RECORDED = Path(__file__).parent / "recorded" / "good_model.jsonl"
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+")
# What an article may bid a model to say, in words that the obedient one understands.
_BIDDEN = re.compile(r"(?:\bsay|\banswer|\bwrite|\bdis|\bsage|قل|اكتب)\s*:?\s*(?:that |que |ان |أن )?(.{5,120}?)[.!؟]", re.IGNORECASE)  # fmt: skip
LIES = (
    "The moon is made of green cheese.",
    "Napoleon signed the agreement in Baghdad in 1999.",
    "القمر مصنوع من الجبن الأخضر.",
    "وقّع نابليون الاتفاق في بغداد عام 1999.",
    "La lune est faite de fromage vert.",
)


def sentences(passages: Passages) -> list[tuple[int, str]]:
    """Whole sentences of the passages that fit an answer, as they stand, with their numbers."""
    found = [
        (number, sentence)
        for number, text in passages.items()
        for sentence in _SENTENCE_END.split(text)
        if 40 <= len(sentence) <= 260 and sentence[-1] in ".!؟" and ":" not in sentence
    ]
    return found or [(number, text[:200]) for number, text in passages.items()]


def _honest(passages: Passages) -> str:
    return " ".join(f"{s[:-1]} [{n}]{s[-1]}" for n, s in sentences(passages)[:3])


def _lying(passages: Passages) -> str:
    return " ".join(f"{lie} [1]" for lie in LIES)


def _swapping_numbers(passages: Passages) -> str:
    counted = [(n, s) for n, s in sentences(passages) if re.search(r"\d", s)]
    swapped = [re.sub(r"\d+", lambda m: str(int(m.group()) + 77_123), s) for _, s in counted]
    return " ".join(f"{s} [{n}]" for (n, _), s in zip(counted, swapped, strict=True))


def _negating(passages: Passages) -> str:
    return " ".join(f"ليس صحيحًا أن {s} [{n}]" for n, s in sentences(passages)[:3])


def _inventing_citations(passages: Passages) -> str:
    return " ".join(f"{s} [{n}][{n + 90}]" for n, s in sentences(passages)[:3])


def _forging_quotes(passages: Passages) -> str:
    return " ".join(f'قال الكاتب: «لقد انتهت الحرب وانتصرنا على الجميع ولله الحمد والمنة» [{n}].' for n in passages)  # fmt: skip


def _obedient(passages: Passages) -> str:
    orders = [(n, m.group(1)) for n, text in passages.items() for m in _BIDDEN.finditer(text)]
    return "\n".join(f"{order} [{n}]." for n, order in orders) or _honest(passages)


def _chatty(passages: Passages) -> str:
    said = _honest(passages).replace("] ", "]\n- ")
    return (
        f"<think>Passage 1 says much. {LIES[0]}\nLet me answer.</think>\n"
        f"## Answer\nHere is what I found:\n- {said}\n\n{LIES[2]} [1]\n"
        "See https://example.org/more [1] for more.\n**Sources:**\n[1] Passage 1\nI hope that helps!"
    )


def _noise(passages: Passages) -> str:
    drawn = random.Random(0)
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي abcdefghijklmnopqrstuvwxyz .,[]()<>1234567890\n«»؟?"
    return "".join(drawn.choice(letters) for _ in range(3000))


def _rude(passages: Passages) -> str:
    return (
        "Go away!\ud800 \u202eevil\u202c <script>alert(1)</script> [1] <b>x</b> [[[1]]] [1\n]"
        " [٩٩٩] ]1[ \x00\x1b[31m " + "a" * 5000 + f" {LIES[1]} [1]. [2] [3]"
    )


WRITERS: dict[str, Callable[[Passages], str]] = {
    "honest": _honest,
    "lying": _lying,
    "swapping-numbers": _swapping_numbers,
    "negating": _negating,
    "inventing-citations": _inventing_citations,
    "forging-quotes": _forging_quotes,
    "obedient": _obedient,
    "chatty": _chatty,
    "noise": _noise,
    "rude": _rude,
    "empty": lambda passages: "",
    "declining": lambda passages: "NONE",
    "not-streaming": _honest,
    "never-ending": _honest,
    "cut-off": lambda passages: _honest(passages) + " وقد أكد الجميع أن الحرب قد انتهت و",
    "cut-at-length": lambda passages: _honest(passages) + " وقد أكد الجميع أن الحرب قد انتهت و",
    "broken": _honest,
    "stalling": _honest,
    "dripping": _honest,
}
# Those that would never end by themselves.
ENDLESS = ("never-ending", "dripping", "stalling")
# How the server fails: status, headers, body.
FAILURES: dict[str, tuple[int, dict[str, str], Any]] = {
    "over-quota": (429, {"Retry-After": "60"}, {"error": {"message": "Quota used up."}}),
    "failing": (500, {}, {"error": {"message": "a secret of the server"}}),
    "wrong-key": (401, {}, {"error": {"message": "Bad key sk-secret."}}),
    "unknown": (404, {}, {"error": {"message": "No such model."}}),
    "short-context": (
        400,
        {},
        {"error": {"message": "maximum context length is 16 tokens", "code": "context_length_exceeded"}},
    ),
}  # fmt: skip


class Scripted:
    """The application, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.gone: list[str] = []
        self.url = ""
        self.app = FastAPI()
        self.app.post("/v1/chat/completions")(self._complete)

    async def _complete(self, request: Request) -> Response:
        asked = await request.json()
        self.asked.append(asked)
        name = asked["model"]
        if name.startswith("recovering"):
            tries = sum(a["model"] == name for a in self.asked)
            if tries == 1:
                return JSONResponse({"error": {"message": "try again"}}, 503)
            name = "honest"
        if name in FAILURES:
            status, headers, body = FAILURES[name]
            return JSONResponse(body, status, headers)
        if name == "silent":
            await self._until_gone(request, name)
            self.gone.append(name)
        if name == "html":
            return Response("<html>It works!</html>", media_type="text/html")
        text = self._text(asked, name)
        if name == "not-streaming" or not asked.get("stream"):
            return JSONResponse(_whole(text))
        return StreamingResponse(self._events(request, name, text), media_type="text/event-stream")

    def _text(self, asked: dict[str, Any], name: str) -> str:
        prompt = asked["messages"][-1]["content"]
        if "<conversation>" in prompt:
            return rewriting(name, prompt)
        passages = {int(n): text for n, text in _PASSAGE.findall(prompt)}
        return _replayed(passages, prompt) if name == "recorded" else WRITERS[name](passages)

    async def _events(self, request: Request, name: str, text: str) -> AsyncIterator[bytes]:
        for piece in re.findall(r".{1,7}", text, re.DOTALL):
            yield _chunk(piece)
        try:
            if name == "never-ending":
                while True:
                    yield _chunk(" and so on")
                    await asyncio.sleep(0)
            elif name == "dripping":  # comments, of which a client sees nothing
                while True:
                    yield b": processing\n\n"
                    await asyncio.sleep(0.01)
            elif name == "stalling":
                await self._until_gone(request, name)
        finally:
            if name in ENDLESS:
                self.gone.append(name)
        if name == "broken":
            yield b'data: {"choices": [{"delta": 5}]}\n\ndata: 7\n\ndata: {not json\n\n'
        elif name != "cut-off":
            yield _chunk("", finish="length" if name == "cut-at-length" else "stop")
            yield b"data: [DONE]\n\n"

    async def _until_gone(self, request: Request, name: str) -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(0.01)


def recordings() -> list[dict[str, Any]]:
    """What a good model wrote, with the words of the passage that it cites in the place of its
    number; and how many of its sentences are to be told at least."""
    return [json.loads(line) for line in _RECORDED.read_text("utf-8").splitlines()]


def _replayed(passages: Passages, prompt: str) -> str:
    text = next(r["text"] for r in recordings() if " ".join(r["question"].split()) in prompt)

    def number(cited: re.Match[str]) -> str:
        return next((f"[{n}]" for n, passage in passages.items() if cited.group(1) in passage), "")

    return _CITED_WORDS.sub(number, text)


def rewriting(name: str, prompt: str) -> str:
    """What a model of that character makes of a question; the last line of the prompt holds it."""
    question = prompt.rsplit("\n", 1)[1].split(":", 1)[1].strip()
    return question if name not in ("noise", "lying") else LIES[0]


def _chunk(content: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    data = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    return b"data: " + json.dumps(data | {"choices": [choice]}).encode() + b"\n\n"


def _whole(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}


def characters() -> Iterator[str]:
    """Every character that ends by itself or by a limit of length, so that tests need not wait."""
    yield from (name for name in WRITERS if name not in ("stalling", "dripping"))
    yield from FAILURES
    yield "html"
