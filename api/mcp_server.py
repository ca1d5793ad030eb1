"""``ask`` and ``search`` as tools of the Model Context Protocol, for assistants and their likes.

https://modelcontextprotocol.io; over HTTP at ``/mcp``, over stdin and stdout by ``isnad mcp``.
"""

from typing import Annotated, Any

from fastapi import FastAPI
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from api.access import EngineAccess
from api.asking import hit_body
from api.footnotes import footnotes
from api.problems import without_paths
from api.schemas import AnswerBody, Asked, FiltersBody, HitsBody, TopK
from rag import __version__
from rag.answer.body import answer_body
from rag.errors import IsnadError
from rag.records import Citation, Hit, Question
from rag.settings import Settings

_INSTRUCTIONS = (
    "Answers about a folder of articles, made of exact quotes. Each marker [n] is a source; keep "
    "the quotes and their sources as they are. An abstention means that the articles hold no "
    "answer: say so, and do not answer from elsewhere."
)
# They change nothing, and what they tell comes from the articles alone.
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
# Hosts are checked before every route, this one too.
_CHECKED = TransportSecuritySettings(enable_dns_rebinding_protection=False)
_ALL = FiltersBody()
_Filters = Annotated[FiltersBody, Field(description="which articles to search; all by default")]


def mcp_server(access: EngineAccess, settings: Settings) -> MCPServer[Any]:
    """The tools over the engine that ``access`` gives."""
    server = MCPServer[Any](
        "isnad", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )

    @server.tool(title="Ask the articles", annotations=_READS)
    async def ask(
        question: Annotated[Asked, Field(description="in any language; 1 to 2,000 characters")],
        top_k: TopK = 8,
        filters: _Filters = _ALL,
    ) -> Annotated[CallToolResult, AnswerBody]:
        """Answer a question with exact quotes and numbered sources, or say there is no answer."""
        asked = Question(question, top_k=top_k, filters=filters.record())
        try:
            answer = await access.admission.run(access.ask, asked)
        except IsnadError as error:
            raise ToolError(without_paths(str(error), settings)) from None
        notes = footnotes(answer, _place)
        return _result(f"{answer.reply.text}\n\n{notes}".rstrip(), answer_body(answer))

    @server.tool(title="Search the articles", annotations=_READS)
    async def search(
        query: Annotated[Asked, Field(description="1 to 2,000 characters")],
        top_k: TopK = 8,
        filters: _Filters = _ALL,
    ) -> Annotated[CallToolResult, HitsBody]:
        """Find the passages that suit a query best, best first. They need not answer it."""
        try:
            hits = await access.admission.run(
                lambda: access.engine().search(query, top_k=top_k, filters=filters.record())
            )
        except IsnadError as error:
            raise ToolError(without_paths(str(error), settings)) from None
        told = "\n\n".join(f"{hit.text}\n({_where(hit)})" for hit in hits)
        return _result(told, {"hits": [hit_body(hit) for hit in hits]})

    return server


def add_mcp(app: FastAPI) -> MCPServer[Any]:
    """Add ``/mcp`` to ``app``. What it gives has a `session_manager` to be run beside the app."""
    server = mcp_server(app.state.access, app.state.settings)
    over_http = server.streamable_http_app(
        json_response=True, stateless_http=True, transport_security=_CHECKED
    )
    app.router.routes.extend(over_http.routes)
    return server


def serve_stdio(settings: Settings) -> None:
    """Serve one client on stdin and stdout until it goes.

    Raises:
        IsnadError: the index cannot be opened.
    """
    access = EngineAccess(settings)
    access.engine()
    try:
        mcp_server(access, settings).run("stdio")
    finally:
        access.close()


def _result(text: str, body: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=body)


def _place(citation: Citation) -> str:
    """Where a quote stands, for those who cannot open a page."""
    return f"{citation.article.filename}:{citation.span.start}-{citation.span.end}"


def _where(hit: Hit) -> str:
    title = hit.article.title or hit.article.filename
    return f"{title}, {hit.article.filename}:{hit.span.start}-{hit.span.end}"
