"""The application: routes, errors and the engine's life in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from api import articles, asking, health
from api.access import EngineAccess
from api.docs import add_docs
from api.problems import add_problem_handlers
from api.security import BodyLimit, ResponseHeaders
from rag import __version__
from rag.settings import Settings

_LARGEST_BODY = 1 << 20
# What a form adds to the file in it.
_FORM_BYTES = 1 << 16
_DESCRIPTION = """Answers about a folder of articles, made of exact quotes with their sources.

Every answer is cited, or says that the articles hold none. Offsets count Unicode code points of
an article's canonical text. Errors are problems (RFC 9457); `X-Request-ID` names each request."""


def create_app(settings: Settings) -> FastAPI:
    """The API over the data folder that ``settings`` names.

    It is alive at once. The engine is opened beside it; until that has succeeded, what needs the
    engine answers 503 with the reason, and tries again.
    """
    app = FastAPI(
        title="Isnad",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.access = EngineAccess(settings)
    largest_upload = settings.largest_file_mb * 1_000_000 + _FORM_BYTES
    app.add_middleware(BodyLimit, largest=_LARGEST_BODY, largest_upload=largest_upload)
    app.add_middleware(ResponseHeaders)  # the last one added is the outermost
    add_problem_handlers(app)
    for routes in (asking, articles, health):
        app.include_router(routes.router)
    add_docs(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    access: EngineAccess = app.state.access
    opening = Thread(target=access.open_quietly, name="open-engine", daemon=True)
    opening.start()
    yield
    await run_in_threadpool(opening.join)
    access.close()
