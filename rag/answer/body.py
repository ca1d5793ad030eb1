"""An answer as plain JSON data: the body of ``POST /ask``, the same wherever it is sent."""

from dataclasses import asdict
from typing import Any

from rag.answer.citations import cite
from rag.records import Abstention, Answer, Article, Citation, Weighed, Writing


def answer_body(answer: Answer) -> dict[str, Any]:
    """The contract's body of an answer, keys in its order."""
    reply = answer.reply
    return {
        "id": answer.id,
        "conversation_id": answer.conversation_id,
        "status": reply.status,
        "question": answer.question,
        "language": reply.language,
        "direction": reply.direction,
        "answer": reply.text,
        "statements": [{"text": s.text, "citations": list(s.citations)} for s in reply.statements],
        "citations": [citation_body(citation) for citation in reply.citations],
        "abstention": reply.abstention and _abstention_body(reply.abstention),
        "composer": answer.composer,
        "model": answer.model,
        "index": asdict(answer.index),
        "timings_ms": asdict(answer.timings),
        "warnings": list(answer.warnings),
        "writing": answer.writing
        and _writing_body(answer.writing, explain=answer.weighed is not None),
        "explanation": answer.weighed and [_candidate_body(one) for one in answer.weighed],
    }


def _writing_body(writing: Writing, *, explain: bool) -> dict[str, Any]:
    dropped = [asdict(one) for one in writing.dropped]
    return {
        "prompt": writing.prompt,
        "query": writing.query,
        "told": writing.told,
        "dropped": len(dropped),
        "sentences_dropped": dropped if explain else None,
    }


def _candidate_body(weighed: Weighed) -> dict[str, Any]:
    evidence = weighed.evidence
    return citation_body(cite(evidence, None)) | {
        "ranks": asdict(evidence.ranks),
        "features": dict(evidence.features),
        "decision": weighed.decision,
    }


def citation_body(citation: Citation) -> dict[str, Any]:
    """A citation; one that is only offered as related has no number."""
    number = {} if citation.number is None else {"number": citation.number}
    return number | {
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "page": citation.page,
        "article": article_body(citation.article),
        "context": {"before": citation.before, "after": citation.after},
        "score": citation.score,
        "view_url": citation.view_url,
    }


def article_body(article: Article) -> dict[str, Any]:
    """What is known of an article; ``provenance`` says of each field how."""
    return {
        "id": article.id,
        "title": article.title,
        "author": article.author,
        "publisher": article.publisher,
        "published": article.published,
        "language": article.language,
        "filename": article.filename,
        "url": article.url,
        "quality": article.quality,
        "provenance": dict(article.provenance),
    }


def _abstention_body(abstention: Abstention) -> dict[str, Any]:
    closest = [citation_body(citation) for citation in abstention.closest]
    return {"reason": abstention.reason, "message": abstention.message, "closest": closest}
