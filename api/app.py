"""The application: routes, errors and the engine's life in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware

from api import articles, asking, feedback, health, openai
from api.access import EngineAccess
from api.authorisation import Authorisation, Identification
from api.docs import add_docs
from api.fair_use import RateLimit
from api.mcp_server import add_mcp
from api.openapi import complete
from api.problems import add_problem_handlers
from api.security import BodyLimit, ResponseHeaders, TrustedHosts
from api.watching import Watching
from rag import __version__
from rag.keys import KeyRing, given_keys
from rag.settings import Settings, load_settings

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
        # Its log would quote what was asked; traces and measures do not.
        telemetry={"logs": False},
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.access = EngineAccess(settings)
    _guard(app, settings)
    add_problem_handlers(app)
    for routes in (asking, feedback, articles, health, openai):
        app.include_router(routes.router)
    app.state.mcp = add_mcp(app)
    add_docs(app)
    complete(app)
    return app


def create_from_environment() -> FastAPI:
    """The API alone, for a server to call: settings come from the environment."""
    return create_app(load_settings())


def _guard(app: FastAPI, settings: Settings) -> None:
    """What a request goes through before its route. The last one added is the outermost."""
    given = settings.api_keys.get_secret_value() if settings.api_keys else ""
    keys = KeyRing(settings.home, given_keys(given))
    app.add_middleware(
        BodyLimit,
        largest=_LARGEST_BODY,
        largest_upload=settings.largest_file_mb * 1_000_000 + _FORM_BYTES,
        seconds=settings.request_seconds,
    )
    app.add_middleware(Authorisation, keys=keys)
    if settings.rate_limit not in (None, "off"):
        app.add_middleware(RateLimit, limit=settings.rate_limit)
    app.add_middleware(Identification, keys=keys)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=_names(settings.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    if settings.trusted_hosts:
        app.add_middleware(TrustedHosts, hosts=frozenset(_names(settings.trusted_hosts.lower())))
    app.add_middleware(Watching, metrics=app.state.access.metrics)
    app.add_middleware(ResponseHeaders)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    access: EngineAccess = app.state.access
    opening = Thread(target=access.open_quietly, name="open-engine", daemon=True)
    opening.start()
    async with app.state.mcp.session_manager.run():
        yield
    await run_in_threadpool(opening.join)
    access.close()
