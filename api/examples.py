"""Example bodies for the OpenAPI text. Invented; a test holds that the schemas accept them."""

from typing import Any

_TEXT = "The canal was opened in 1869. It is 193 kilometres long."

ARTICLE: dict[str, Any] = {
    "id": "9f2c61d0a4b7e835",
    "title": "A short history of the canal",
    "author": None,
    "publisher": "The Gazette",
    "published": "2023-04",
    "language": "en",
    "filename": "canal.txt",
    "url": None,
    "quality": "clean",
    "provenance": {"title": "stated", "publisher": "stated", "published": "inferred"},
}
DOCUMENT: dict[str, Any] = {**ARTICLE, "text": _TEXT, "repairs": []}
ADDED: dict[str, Any] = {
    "articles": [ARTICLE],
    "outcomes": [{"action": "new", "detail": "", "repairs": []}],
}
_QUOTE: dict[str, Any] = {
    "quote": _TEXT[:29],
    "start": 0,
    "end": 29,
    "page": None,
    "article": ARTICLE,
    "context": {"before": "", "after": _TEXT[29:]},
    "score": 0.81,
    "view_url": f"/articles/{ARTICLE['id']}?start=0&end=29",
}
_INDEX: dict[str, Any] = {
    "version": "3",
    "articles": 1,
    "chunks": 1,
    "embedding_model": "embedded",
}
ANSWER: dict[str, Any] = {
    "id": "5d0c0a7e6f0b4c7c8a3f7b1f3f5f4c11",
    "conversation_id": "0b6a2f0d9e3f4b8f9d0f6f5f0b7c2d3e",
    "status": "answered",
    "question": "When was the canal opened?",
    "language": "en",
    "direction": "ltr",
    "answer": f"The articles say:\n\n{_TEXT[:29]} [1]",
    "statements": [{"text": _TEXT[:29], "citations": [1]}],
    "citations": [{"number": 1, **_QUOTE}],
    "abstention": None,
    "composer": "extractive",
    "model": None,
    "index": _INDEX,
    "timings_ms": {"embed": 0.4, "search": 1.2, "compose": 2.0, "total": 3.6},
    "warnings": [],
    "writing": None,
    "explanation": None,
}
ABSTENTION: dict[str, Any] = {
    **ANSWER,
    "status": "abstained",
    "question": "Who designed the harbour?",
    "answer": "I find no answer to this question in the articles that I could cite.",
    "statements": [],
    "citations": [],
    "abstention": {
        "reason": "not_supported",
        "message": "I find no answer to this question in the articles that I could cite.",
        "closest": [_QUOTE],
    },
}
HITS: dict[str, Any] = {
    "hits": [
        {
            "article": ARTICLE,
            "text": _TEXT,
            "start": 0,
            "end": len(_TEXT),
            "score": 0.0325,
            "ranks": {"dense": 1, "lexical": 2},
        }
    ]
}
FEEDBACK: dict[str, Any] = {
    "answer_id": ANSWER["id"],
    "verdict": "up",
    "comment": "Just what I was looking for.",
    "given": "2026-11-25T12:00:00+00:00",
}
READY: dict[str, Any] = {"status": "ready", "index": _INDEX}
STREAM = (
    'event: meta\ndata: {"id": "5d0c…", "status": "answered", "language": "en"}\n\n'
    'event: delta\ndata: {"text": "The "}\n\n'
    'event: citation\ndata: {"number": 1, "quote": "The canal was opened in 1869."}\n\n'
    'event: delta\ndata: {"text": "[1]"}\n\n'
    'event: final\ndata: {"id": "5d0c…", "answer": "The articles say: …"}\n\n'
    "event: done\ndata: {}\n\n"
)
COMPLETION: dict[str, Any] = {
    "id": f"chatcmpl-{ANSWER['id']}",
    "object": "chat.completion",
    "created": 1793491200,
    "model": "isnad",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": f"{ANSWER['answer']}\n\n[1] {ARTICLE['title']}, {ARTICLE['publisher']}, "
                f"2023-04 (inferred): http://127.0.0.1:8000{_QUOTE['view_url']}",
                "refusal": None,
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 22, "total_tokens": 27},
    "status": "answered",
    "citations": ANSWER["citations"],
    "abstention": None,
}
MODEL: dict[str, Any] = {
    "id": "isnad",
    "object": "model",
    "created": 1767225600,
    "owned_by": "isnad",
}
CHUNKS = (
    'data: {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": '
    '{"content": "The "}, "finish_reason": null}]}\n\n'
    'data: {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, '
    '"finish_reason": "stop"}], "citations": [{"number": 1}]}\n\n'
    "data: [DONE]\n\n"
)
METRICS = """# TYPE isnad_requests_total counter
isnad_requests_total{method="POST",route="/ask",status="200"} 12.0
# TYPE isnad_answers_total counter
isnad_answers_total{reason="not_supported",status="abstained"} 3.0
# TYPE isnad_answer_seconds histogram
isnad_answer_seconds_bucket{le="0.005",stage="total"} 11.0
# TYPE isnad_index_articles gauge
isnad_index_articles 5.0
"""
