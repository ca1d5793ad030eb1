"""What a client would rather have: the ``Accept`` header (RFC 9110, section 12.5.1)."""


def prefers(accept: str, media_type: str, *, over: str = "application/json") -> bool:
    """Whether ``accept`` ranks ``media_type`` above ``over``; a tie keeps ``over``."""
    return _quality(accept, media_type) > _quality(accept, over)


def _quality(accept: str, media_type: str) -> float:
    """The weight 0..1 that ``accept`` gives to ``media_type``; the most specific range decides."""
    weights = dict(_range(part) for part in (accept or "*/*").split(","))
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if name in weights:
            return weights[name]
    return 0.0


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    try:
        return name, min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return name, 0.0
