"""What Prometheus is told: requests, answers, time by stage, and what is in the index."""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from rag.records import Answer, IndexInfo

# Seconds; a question over a few articles takes milliseconds.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


# Where the client library keeps what several processes count, for any of them to tell.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The measures of one application, in a registry of its own. Threads may share it, and, where
    `SHARED_FOLDER` is in the environment, processes."""

    def __init__(self, index: Callable[[], IndexInfo | None]) -> None:
        """``index`` tells what is in the index when somebody looks, or that it is not open."""
        self.registry = CollectorRegistry()
        counted_here: CollectorRegistry | None = self.registry
        if SHARED_FOLDER in os.environ:
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]
            counted_here = None
        self._requests = Counter(
            "isnad_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=counted_here,
        )
        self._seconds = Histogram(
            "isnad_request_seconds",
            "From a request's head to the end of its response, by route.",
            ("route",),
            buckets=_BUCKETS,
            registry=counted_here,
        )
        self._answers = Counter(
            "isnad_answers",
            "Answers by status, abstentions by reason too.",
            ("status", "reason"),
            registry=counted_here,
        )
        self._cautions = Counter(
            "isnad_language_model_cautions",
            "Answers that the language model had trouble with, by kind.",
            ("caution",),
            registry=counted_here,
        )
        self._sentences = Counter(
            "isnad_language_model_sentences",
            "Sentences of the language model: told, or dropped by reason.",
            ("fate",),
            registry=counted_here,
        )
        self._stages = Histogram(
            "isnad_answer_seconds",
            "Time that answers took, by stage.",
            ("stage",),
            buckets=_BUCKETS,
            registry=counted_here,
        )
        self.registry.register(_Index(index))

    def answered(self, answer: Answer) -> None:
        """Count an answer, wherever it was asked."""
        abstention = answer.reply.abstention
        self._answers.labels(answer.reply.status, abstention.reason if abstention else "").inc()
        for stage, milliseconds in asdict(answer.timings).items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        for caution in answer.warnings:
            self._cautions.labels(caution).inc()
        if answer.writing:
            self._sentences.labels("told").inc(answer.writing.told)
            for dropped in answer.writing.dropped:
                self._sentences.labels(dropped.reason).inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; ``route`` is a pattern, never a path that somebody sent."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class _Index(Collector):
    """What is in the index when somebody looks; nothing while it is not open."""

    def __init__(self, index: Callable[[], IndexInfo | None]) -> None:
        self._index = index

    def collect(self) -> Iterator[Metric]:
        """The gauges of the index."""
        info = self._index()
        if info is None:
            return
        generation = int(info.version.partition("-")[0])
        yield GaugeMetricFamily("isnad_index_articles", "Articles indexed.", info.articles)
        yield GaugeMetricFamily("isnad_index_chunks", "Passages indexed.", info.chunks)
        yield GaugeMetricFamily("isnad_index_generation", "How often it has changed.", generation)
