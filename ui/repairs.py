"""What was done to a text when it was read, as HTML."""

from rag.records import DOUBTFUL, Article, Repair
from ui.markup import shown
from ui.texts import Language
from ui.texts_articles import ARTICLES_TEXTS, ArticlesTexts

# Of these, a repair tells the pages; of others, the lines of the file.
_OF_PAGES = frozenset({"reordered_pages", "presentation_forms", "running_heads", "doubtful_pages"})
_MOST_PLACES = 12


def repairs_html(article: Article, language: Language) -> str:
    """Each repair with how often and where; nothing for a text that is as it was given. What may
    be wrong still comes first, and is shown without being asked for."""
    if not article.repairs:
        return ""
    texts = ARTICLES_TEXTS[language]
    doubtful = article.quality == "doubtful"
    ordered = sorted(article.repairs, key=lambda repair: repair.kind not in DOUBTFUL)
    items = "".join(_repair(article, repair, texts) for repair in ordered)
    label = texts.what_is_doubtful if doubtful else texts.what_changed
    return (
        f'<details class="repairs {article.quality}"{" open" if doubtful else ""}>'
        f"<summary>{shown(label)}</summary><ul>{items}</ul></details>"
    )


def _repair(article: Article, repair: Repair, texts: ArticlesTexts) -> str:
    what = getattr(texts, repair.kind, repair.kind)  # an index may know kinds that we do not
    parts = [shown(what), f"<small>{shown(texts.times.format(count=repair.count))}</small>"]
    if repair.lines:
        label = texts.pages if repair.kind in _OF_PAGES else texts.lines
        before, _, after = label.partition("{places}")
        places = [_place(article, repair, n) for n in repair.lines[:_MOST_PLACES]]
        more = f" {shown(texts.and_more)}" if repair.lines[_MOST_PLACES:] else ""
        where = shown(texts.comma).join(places)
        parts.append(f"<small>{shown(before)}{where}{more}{shown(after)}</small>")
    kind = "doubtful" if repair.kind in DOUBTFUL else "mended"
    return f'<li class="{kind}">{" ".join(parts)}</li>'


def _place(article: Article, repair: Repair, number: int) -> str:
    """A line or page; a page leads to where it begins in the text."""
    starts = article.page_starts
    if repair.kind not in _OF_PAGES or not 1 <= number <= len(starts):
        return str(number)
    start = starts[number - 1]
    end = starts[number] if number < len(starts) else start + 1
    if end <= start:
        return str(number)
    address = shown(f"/articles/{article.id}?start={start}&end={end}#quote")
    return f'<a href="{address}" target="_blank" rel="noopener">{number}</a>'
