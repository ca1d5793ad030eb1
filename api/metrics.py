"""What Prometheus is told: requests, answers, time by stage, and what is in the index."""

from collections.abc import Callable, Iterator
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from rag.records import Answer, IndexInfo

# Seconds; a question over a few articles takes milliseconds.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The measures of one application, in a registry of its own. Threads may share it."""

    def __init__(self, index: Callable[[], IndexInfo | None]) -> None:
        """``index`` tells what is in the index when somebody looks, or that it is not open."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "isnad_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "isnad_request_seconds",
            "From a request's head to the end of its response, by route.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._answers = Counter(
            "isnad_answers",
            "Answers by status, abstentions by reason too.",
            ("status", "reason"),
            registry=self.registry,
        )
        self._cautions = Counter(
            "isnad_language_model_cautions",
            "Answers that the language model had trouble with, by kind.",
            ("caution",),
            registry=self.registry,
        )
        self._sentences = Counter(
            "isnad_language_model_sentences",
            "Sentences of the language model: told, or dropped by reason.",
            ("fate",),
            registry=self.registry,
        )
        self._stages = Histogram(
            "isnad_answer_seconds",
            "Time that answers took, by stage.",
            ("stage",),
            buckets=_BUCKETS,
            registry=self.registry,
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
