"""``isnad feedback``: what people thought of answers."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rag.cli_options import AsJson, Home
from rag.feedback import read_feedback
from rag.settings import load_settings


def feedback(as_json: AsJson = False, home: Home = None) -> None:
    """List what people thought of answers, oldest first."""
    given = read_feedback(load_settings(home=home).home)
    if as_json:
        print(json.dumps([asdict(one) for one in given], ensure_ascii=False, indent=2))
        return
    rows = Table("given", "verdict", "answer", "comment", box=None)
    for one in given:
        rows.add_row(one.given, one.verdict, escape(one.answer_id), escape(_one_line(one.comment)))
    Console().print(rows)


def _one_line(text: str | None) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())
