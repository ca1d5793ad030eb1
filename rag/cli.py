"""The ``isnad`` command."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from rag import __version__
from rag.answer.body import answer_body, article_body
from rag.answer.phrases import CAUTIONS, reply_language
from rag.cli_feedback import feedback
from rag.cli_keys import keys
from rag.cli_options import (
    AsJson,
    Device,
    Home,
    LargestFile,
    LargestUnpacked,
    LlmBaseUrl,
    LlmModel,
    LlmSeconds,
    LlmSentences,
    Milvus,
    Model,
    MostPages,
    PageSeconds,
    Statements,
    Threshold,
)
from rag.cli_serve import mcp, serve
from rag.engine import Engine
from rag.errors import (
    BadArticle,
    BadGold,
    BadKey,
    BadQuestion,
    ComposerUnavailable,
    IsnadError,
    Unprotected,
)
from rag.evaluation.gold import read_gold
from rag.evaluation.run import as_json, evaluate, table
from rag.index.backup import backup as copy_home
from rag.index.places import Place, has_index
from rag.index.places import migrate as copy_index
from rag.index.report import Outcome, Report
from rag.indexing import build_index, check_index, indexed_paths, repair_index
from rag.records import DOUBTFUL, Answer, Article, Citation, Composer, Question, Repair
from rag.settings import Settings, load_settings

PARTLY_FAILED = 1
BAD_USAGE = 2
_BAD_USAGE = (BadArticle, BadGold, BadKey, BadQuestion, ComposerUnavailable, Unprotected)

app = typer.Typer(
    help="Isnad: answers about a folder of articles, made of exact quotes with their sources.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command()(mcp)
app.command()(feedback)
app.add_typer(keys, name="keys")


def main() -> None:
    """Run the command; every error of ours is one line on stderr and an exit status."""
    try:
        app()
    except _BAD_USAGE as error:
        _fail(error, BAD_USAGE)
    except IsnadError as error:
        _fail(error, PARTLY_FAILED)


def _fail(error: IsnadError, status: int) -> None:
    print(f"isnad: {error}", file=sys.stderr)
    raise SystemExit(status)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="print the version")] = False,
) -> None:
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def ask(
    question: str,
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="tell of every candidate why it was quoted or not")
    ] = False,
    composer: Annotated[
        Composer, typer.Option(help="who words the answer; extractive uses quotes alone")
    ] = "auto",
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
    device: Device = None,
    max_statements: Statements = None,
    answer_threshold: Threshold = None,
    llm_base_url: LlmBaseUrl = None,
    llm_model: LlmModel = None,
    llm_seconds: LlmSeconds = None,
    llm_sentences: LlmSentences = None,
) -> None:
    """Answer one question with numbered sources."""
    settings = load_settings(
        home=home,
        milvus_uri=milvus_uri,
        embedding_model=embedding_model,
        device=device,
        max_statements=max_statements,
        answer_threshold=answer_threshold,
        llm_base_url=llm_base_url,
        llm_model=llm_model,
        llm_seconds=llm_seconds,
        llm_sentences=llm_sentences,
    )
    with closing(Engine.open(settings)) as engine:
        answer = engine.ask(Question(question, explain=explain, composer=composer))
    if as_json:
        print(json.dumps(answer_body(answer), ensure_ascii=False, indent=2))
    else:
        _print_answer(answer)
        _print_weighed(answer)


def _print_answer(answer: Answer) -> None:
    reply = answer.reply
    lines = [reply.text, ""]
    lines += [f"[{c.number}] {_source(c)}" for c in reply.citations]
    if reply.abstention:
        lines += [f"- {_source(c)}\n  {_one_line(c.quote)}" for c in reply.abstention.closest]
    print("\n".join(lines).rstrip())
    for caution in answer.warnings:
        print(f"isnad: {CAUTIONS[reply_language(reply.language)][caution]}", file=sys.stderr)


def _print_weighed(answer: Answer) -> None:
    """Every candidate with its probability, ranks and features, and what became of it."""
    for n, one in enumerate(answer.weighed or (), start=1):
        part = one.evidence
        print(
            f"\n{n}. {one.decision}, probability {part.probability:.3f}, rank in meaning"
            f" {part.ranks.dense or '-'}, in words {part.ranks.lexical or '-'},"
            f" {part.article.filename}:{part.span.start}-{part.span.end}"
        )
        print(f"   {_one_line(part.quote)}")
        print("   " + ", ".join(f"{name} {value:.2f}" for name, value in part.features.items()))
    for dropped in answer.writing.dropped if answer.writing and answer.weighed else ():
        print(f"\ndropped, {dropped.reason}: {_one_line(dropped.text)}")


def _source(citation: Citation) -> str:
    article = citation.article
    known = [article.title or article.filename, article.author, article.publisher]
    page = f":p{citation.page}" if citation.page else ""
    where = f"{article.filename}{page}:{citation.span.start}-{citation.span.end}"
    named = [part for part in (*known, _date(article)) if part]
    return f"{_one_line(', '.join(named))} ({where})"


def _date(article: Article) -> str | None:
    inferred = article.provenance.get("published") == "inferred"
    return (
        f"{article.published} (inferred)" if article.published and inferred else article.published
    )


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@app.command()
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="folders or files; by default those indexed before", show_default=False
        ),
    ] = None,
    rebuild: Annotated[bool, typer.Option(help="read and encode everything anew")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="stay, and index again whenever a file changes")
    ] = False,
    if_missing: Annotated[bool, typer.Option(help="do nothing where an index exists")] = False,
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
    device: Device = None,
    largest_file_mb: LargestFile = None,
    largest_unpacked_mb: LargestUnpacked = None,
    most_pages: MostPages = None,
    page_seconds: PageSeconds = None,
) -> None:
    """Bring the index in line with the files: new, changed, moved and gone ones."""
    settings = load_settings(
        home=home,
        milvus_uri=milvus_uri,
        embedding_model=embedding_model,
        device=device,
        largest_file_mb=largest_file_mb,
        largest_unpacked_mb=largest_unpacked_mb,
        most_pages=most_pages,
        page_seconds=page_seconds,
    )
    if if_missing and has_index(settings):
        return
    with _progress("indexing") as progress:
        report = build_index(settings, paths or [], rebuild=rebuild, progress=progress)
    _print_report(report)
    if watch:
        _watch(settings, paths or [])
    if report.failed:
        raise SystemExit(PARTLY_FAILED)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, shown on a terminal only."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _print_report(report: Report) -> None:
    shown = [o for o in report.outcomes if o.action != "unchanged"]
    if shown:
        rows = Table("file", "done", "passages", "notes", box=None, pad_edge=False)
        for outcome in shown:
            rows.add_row(*map(escape, _report_row(outcome)))
        Console().print(rows)
    unchanged = len(report.outcomes) - len(shown)
    print(
        f"{report.articles} articles, {report.chunks} passages; {unchanged} files unchanged",
        flush=True,
    )
    for outcome in report.outcomes:
        if outcome.action == "failed":
            print(f"isnad: {_one_line(f'{outcome.path}: {outcome.detail}')}", file=sys.stderr)


def _report_row(outcome: Outcome) -> tuple[str, str, str, str]:
    notes = [outcome.detail, *map(_repair_note, outcome.repairs)]
    if outcome.truncated:
        notes.append(f"{outcome.truncated} passages longer than the model reads")
    name = _one_line(Path(outcome.path).name)
    return (
        name,
        outcome.action,
        str(outcome.chunks or ""),
        _one_line("; ".join(filter(None, notes))),
    )


def _repair_note(repair: Repair) -> str:
    if repair.kind in DOUBTFUL:
        where = ", ".join(map(str, repair.lines[:10])) + ("…" if repair.lines[10:] else "")
        return f"may be wrong: {repair.kind}" + (f" at {where}" if where else f" ×{repair.count}")
    return f"repaired: {repair.kind} ×{repair.count}"


def _watch(settings: Settings, paths: list[Path]) -> None:
    """Index again whenever something changes below the paths, until interrupted."""
    from watchfiles import watch

    own = str(settings.home.absolute())
    there = [path for path in paths or indexed_paths(settings) if path.exists()]
    for _ in watch(
        *there, watch_filter=lambda _, path: not path.startswith(own), raise_interrupt=False
    ):
        try:
            report = build_index(settings, paths)
        except IsnadError as error:  # busy, or the disk is full: the next change may go well
            print(f"isnad: {error}", file=sys.stderr)
        else:
            _print_report(report)


@app.command()
def backup(
    destination: Annotated[Path, typer.Argument(help="a new folder")], home: Home = None
) -> None:
    """Copy the data folder while it is in use; to restore, name the copy as --home."""
    settings = load_settings(home=home)
    copy_home(settings.home, destination)
    print(f"copied to {destination}; open it with: isnad serve --home {destination}")


@app.command()
def migrate(
    to: Annotated[Place, typer.Argument(help="where the copy goes")],
    home: Home = None,
    milvus_uri: Milvus = None,
) -> None:
    """Copy the index from the data folder to Milvus, or from there to a data folder without one."""
    settings = load_settings(home=home, milvus_uri=milvus_uri)
    with _progress("copying") as progress:
        copy_index(settings, to, progress=progress)
    print(
        "copied; it is searched wherever ISNAD_MILVUS_URI is set"
        if to == "milvus"
        else f"copied to {settings.home}, which is the data folder that writes from now on"
    )


@app.command()
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="put right what can be")] = False,
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
) -> None:
    """Check the index against itself and its articles' files, and say what would be done."""
    settings = load_settings(home=home, milvus_uri=milvus_uri, embedding_model=embedding_model)
    findings = check_index(settings)
    rows = Table("what", "is wrong", "what to do", box=None, pad_edge=False)
    for finding in findings:
        rows.add_row(*(escape(_one_line(v)) for v in (finding.what, finding.wrong, finding.remedy)))
    if findings:
        Console().print(rows)
    if findings and repair:
        _print_report(repair_index(settings))
        findings = check_index(settings)
    left = f"{len(findings)} things are wrong" if findings else "nothing is wrong"
    print(left + ("" if repair or not findings else "; put right with: isnad doctor --repair"))
    if findings:
        raise SystemExit(PARTLY_FAILED)


@app.command()
def articles(
    as_json: AsJson = False,
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
) -> None:
    """List what is in the index."""
    engine = Engine.open(
        load_settings(home=home, milvus_uri=milvus_uri, embedding_model=embedding_model)
    )
    if as_json:
        print(
            json.dumps([article_body(a) for a in engine.articles()], ensure_ascii=False, indent=2)
        )
        return
    rows = Table("id", "title", "author", "published", "language", "quality", "file", box=None)
    for article in engine.articles():
        row = (article.id, article.title, article.author, _date(article), article.language,
               article.quality, article.filename)  # fmt: skip
        rows.add_row(*(escape(_one_line(value or "")) for value in row))
    Console().print(rows)


@app.command(name="eval")
def evaluate_gold(
    gold: Annotated[Path, typer.Argument(help="questions with gold quotes, one JSON a line")],
    as_json_: AsJson = False,
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
    max_statements: Statements = None,
    answer_threshold: Threshold = None,
    llm_base_url: LlmBaseUrl = None,
    llm_model: LlmModel = None,
    llm_seconds: LlmSeconds = None,
    llm_sentences: LlmSentences = None,
) -> None:
    """Measure the answers against a gold file: all, by language and by kind."""
    questions = read_gold(gold)
    settings = load_settings(
        home=home,
        milvus_uri=milvus_uri,
        embedding_model=embedding_model,
        max_statements=max_statements,
        answer_threshold=answer_threshold,
        llm_base_url=llm_base_url,
        llm_model=llm_model,
        llm_seconds=llm_seconds,
        llm_sentences=llm_sentences,
    )
    with closing(Engine.open(settings)) as engine, _progress("asking") as progress:
        judged = evaluate(questions, lambda q: engine.ask(q).reply, progress=progress)
    if as_json_:
        print(json.dumps(as_json(judged), indent=2))
        return
    header = (
        "",
        "n",
        "hit@1",
        "hit any",
        "support",
        "precision",
        "ref. prec.",
        "ref. rec.",
        "wrongly ref.",
    )
    rows = Table(*header, box=None)
    for name, row in table(judged).items():
        values = [getattr(row, field) for field in row.__slots__[1:]]
        shown = ("–" if value is None else f"{value:.2f}" for value in values)
        rows.add_row(name, str(row.questions), *shown)
    Console(width=110).print(rows)
