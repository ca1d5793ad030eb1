"""Work that was let in: one piece at a time, unless it takes long."""

from collections.abc import Iterator
from threading import Event
from time import sleep

import pytest

from api import admission
from api.admission import Admission


@pytest.fixture
def admitting() -> Iterator[Admission]:
    admitting = Admission(waiting=50, seconds=60)
    yield admitting
    admitting.close()


def test_quick_work_is_done_in_turn(admitting: Admission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_PATIENCE_SECONDS", 60)  # however slow the machine is
    at_work, beside = 0, 0

    def work() -> None:
        nonlocal at_work, beside
        beside, at_work = max(beside, at_work), at_work + 1
        sleep(0.001)
        at_work -= 1

    for future in [admitting.start(work) for _ in range(40)]:
        future.result()
    assert beside == 0


def test_slow_work_holds_up_none_of_the_others(admitting: Admission) -> None:
    release = Event()
    slow = admitting.start(release.wait)
    others = [admitting.start(lambda n=n: n) for n in range(20)]
    assert [future.result() for future in others] == list(range(20))
    assert not slow.done()
    release.set()
    assert slow.result()


def test_what_fails_lets_the_next_one_have_its_turn(
    admitting: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "_PATIENCE_SECONDS", 600)  # beyond what `admitting` waits
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            admitting.call(lambda: 1 // 0)
    assert admitting.call(lambda: 5) == 5
