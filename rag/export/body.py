"""A conversation as JSON: the body of ``POST /ask`` for each question, and where sources stand."""

import json
import re
from typing import Any

from rag.answer.body import answer_body
from rag.conversations import KeptConversation, KeptTurn
from rag.export.view import View
from rag.records import Answer, Citation

FORMAT = "isnad-conversation/1"
# Characters that turn the direction of what is shown after them (Unicode UAX 9).
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def as_json(kept: KeptConversation, turns: tuple[KeptTurn, ...], view: View) -> str:
    """The conversation as a JSON text, which can be looked at without being turned about."""
    whole = {
        "format": FORMAT,
        "id": kept.id,
        "title": kept.title,
        "begun": kept.begun,
        "changed": kept.changed,
        "turns": [{"asked": turn.asked} | _body(turn.answer, view) for turn in turns],
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    return TURNING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _body(answer: Answer, view: View) -> dict[str, Any]:
    body = answer_body(answer)
    reply = answer.reply
    for citation, one in zip(reply.citations, body["citations"], strict=True):
        one |= _added(citation, view)
    if reply.abstention:
        closest = body["abstention"]["closest"]
        for citation, one in zip(reply.abstention.closest, closest, strict=True):
            one |= _added(citation, view)
    return body


def _added(citation: Citation, view: View) -> dict[str, str]:
    return {"view_url": view.link(citation), "standing": view.standing(citation)}
