"""``isnad serve``: the chat window and the API in one process; ``isnad mcp``: tools on stdio."""

import gc
import ipaddress
import math
import os
import socket
import sys
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from pydantic import SecretStr

from rag.answer.model import check_model
from rag.cli_options import (
    Device,
    Home,
    LlmBaseUrl,
    LlmModel,
    LlmSeconds,
    LlmSentences,
    Milvus,
    Model,
    Reranked,
    Statements,
    Threshold,
    setting,
)
from rag.errors import IsnadError, Unprotected
from rag.keys import given_keys, made_keys
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    import uvicorn

# Named as text, and imported when they are needed: the command stands below them.
_APP = "ui.app:create_app"
_API = "api.app:create_from_environment"
_PROTOCOL = "api.patience:Patience"
_MCP = "api.mcp_server:serve_stdio"
# Requests as they are worded, which is JSON; the rest in words, with its time.
_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "bare": {"format": "%(message)s"},
        "words": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "requests": {"class": "logging.StreamHandler", "formatter": "bare"},
        "rest": {"class": "logging.StreamHandler", "formatter": "words"},
    },
    "root": {"handlers": ["rest"], "level": "WARNING"},
    "loggers": {
        "isnad.requests": {"handlers": ["requests"], "level": "INFO", "propagate": False},
    },
}
# Pages of other sites may send a browser here under a name of theirs (DNS rebinding).
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
# Of one client from elsewhere: far above what people ask, and below what a loop gone wild does.
_RATE_LIMIT = "600/minute"
# A process that says nothing for so long is replaced.
_HUNG_SECONDS = 60
# As the library that counts wants it.
_SHARED_METRICS = "PROMETHEUS_MULTIPROC_DIR"


def serve(
    host: Annotated[str | None, setting("host")] = None,
    port: Annotated[int | None, setting("port")] = None,
    workers: Annotated[int | None, setting("workers")] = None,
    insecure: Annotated[bool | None, setting("insecure", "--insecure")] = None,
    trusted_hosts: Annotated[str | None, setting("trusted_hosts")] = None,
    cors_origins: Annotated[str | None, setting("cors_origins")] = None,
    rate_limit: Annotated[str | None, setting("rate_limit")] = None,
    max_waiting: Annotated[int | None, setting("max_waiting")] = None,
    request_seconds: Annotated[float | None, setting("request_seconds")] = None,
    kept_answers: Annotated[int | None, setting("kept_answers")] = None,
    log_questions: Annotated[bool | None, setting("log_questions", "--log-questions")] = None,
    keep_conversations: Annotated[int | None, setting("keep_conversations")] = None,
    keep_days: Annotated[int | None, setting("keep_days")] = None,
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
    device: Device = None,
    reranked: Reranked = None,
    max_statements: Statements = None,
    answer_threshold: Threshold = None,
    llm_base_url: LlmBaseUrl = None,
    llm_model: LlmModel = None,
    llm_seconds: LlmSeconds = None,
    llm_sentences: LlmSentences = None,
) -> None:
    """Serve the chat window at / with the API beside it, in one process, or the API in several.

    A chat is held by the process that it began in, so there is no window where there are several.
    Further keys than those of `isnad keys` may stand in ISNAD_API_KEYS, separated by commas, with
    `write:` before those that may change articles. They have no flag, and neither have the key of a
    language model, ISNAD_LLM_API_KEY, and the token of a Milvus server, ISNAD_MILVUS_TOKEN: others
    could see them.
    """
    settings = load_settings(**locals())
    check_model(settings)
    keys = protect(settings)
    listening = _listen(settings.host, settings.port)
    _hand_over(settings)
    import uvicorn

    config = uvicorn.Config(
        _APP if settings.workers == 1 else _API,
        factory=True,
        http=_PROTOCOL,
        log_config=_LOGGING,
        access_log=False,
        workers=settings.workers,
        # What was asked before a stop has its full time; windows that are open are not waited for.
        timeout_graceful_shutdown=math.ceil(settings.request_seconds) + 1,
        timeout_worker_healthcheck=_HUNG_SECONDS,
    )
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"Isnad is at http://{shown}:{listening.getsockname()[1]}/", flush=True)
    if keys:
        print("It asks for an API key; `isnad keys list` names those that were made.", flush=True)
    elif not is_loopback(settings.host):
        print("It lets in anyone who can reach it, as --insecure says.", file=sys.stderr)
    if settings.workers == 1:
        # Hundreds of thousands of objects that stay: each full pass of the garbage collector would
        # look at all of them, while starting in vain, and afterwards while nobody is answered.
        gc.disable()
        config.load()
        gc.collect()
        gc.freeze()
        gc.enable()
        uvicorn.Server(config).run(sockets=[listening])
    else:
        _serve_in_several(config, listening)


def _serve_in_several(config: "uvicorn.Config", listening: socket.socket) -> None:
    """Have processes share the socket, and what they count."""
    from uvicorn.supervisors import Multiprocess

    with TemporaryDirectory(prefix="isnad-metrics-") as folder:
        os.environ[_SHARED_METRICS] = folder
        Multiprocess(config, sockets=[listening]).run()


def mcp(
    home: Home = None,
    milvus_uri: Milvus = None,
    embedding_model: Model = None,
    device: Device = None,
    reranked: Reranked = None,
    max_statements: Statements = None,
    answer_threshold: Threshold = None,
    llm_base_url: LlmBaseUrl = None,
    llm_model: LlmModel = None,
    llm_seconds: LlmSeconds = None,
    llm_sentences: LlmSentences = None,
) -> None:
    """Serve ask and search as tools of the Model Context Protocol, on stdin and stdout.

    Over HTTP, `isnad serve` has them at /mcp.
    """
    resolve_name(_MCP)(load_settings(**locals()))


def protect(settings: Settings) -> bool:
    """Whether there are API keys. Refuses to be open to other machines without any.

    Raises:
        Unprotected: says what to do.
        BadKey: a key that cannot be taken.
    """
    given = settings.api_keys.get_secret_value() if settings.api_keys else ""
    keys = given_keys(given) + made_keys(settings.home)
    if not (keys or settings.insecure or is_loopback(settings.host)):
        raise Unprotected(
            f"{settings.host} can be reached from other machines, and there is no API key; make "
            "one with `isnad keys add NAME`, or let anyone in with --insecure"
        )
    return bool(keys)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``. Of names, only ``localhost`` is trusted."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound before anything heavy is loaded, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio sends small parts at once (TCP_NODELAY); else the parts of a
    # response wait for each other, some 40 ms each time.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise IsnadError(f"cannot serve on {host}:{port}: {reason}; try another --port") from None
    return listening


def _hand_over(settings: Settings) -> None:
    """The app is made by uvicorn, which can only import it: settings go by the environment."""
    os.environ.update(_environment(settings))


def _environment(settings: Settings) -> dict[str, str]:
    """``settings`` as variables, with what is right for the address where nothing was said."""
    handed = settings.model_dump(exclude_none=True)
    if is_loopback(settings.host):
        handed.setdefault("trusted_hosts", ",".join((*_LOOPBACK_NAMES, settings.host)))
    else:
        handed.setdefault("rate_limit", _RATE_LIMIT)
    # Secrets came from the environment.
    told = {name: value for name, value in handed.items() if not isinstance(value, SecretStr)}
    return {f"ISNAD_{name.upper()}": str(value) for name, value in told.items()}
