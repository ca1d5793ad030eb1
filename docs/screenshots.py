"""The page of screenshots, made anew.

    python -m docs.screenshots

A server over the five articles and Debian's chromium; writes `docs/screenshots.md` and the pictures
in `docs/screenshots/`.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.ui.served import browsing, served

HERE = Path(__file__).parent
AR = "ما هو كبتاغون الأسد؟"
EN = "What is Captagon of Assad?"
FR = "Combien de dollars rapporte chaque jour la contrebande à Daech ?"
ABSENT_AR, ABSENT_FR = "من فاز بكأس العالم 2022؟", "Qui a gagné la coupe du monde 2022 ?"
DESKTOP, PHONE = (1440, 900), (360, 740)
_COLOURS = 128

Step = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: what it shows, to whom, and the way there."""

    name: str
    caption: str
    language: Literal["ar", "en", "fr"]
    size: tuple[int, int] = DESKTOP
    scheme: Literal["light", "dark"] = "light"
    steps: tuple[Step, ...] = ()


def ask(question: str) -> Step:
    """Ask, and wait for the whole answer."""

    def step(page: Page) -> None:
        page.locator(".ask textarea").fill(question)
        page.keyboard.press("Enter")
        page.locator(".turn .actions").last.wait_for()
        page.locator("button.send").wait_for()

    return step


def cite(page: Page) -> None:
    """Open the first passage in its article."""
    page.locator("a.open").first.click()
    page.locator(".reader").wait_for()


def point(page: Page) -> None:
    """Point at the first marker."""
    page.locator("a.marker").first.hover()
    page.locator(".card:visible").wait_for()


def articles(page: Page) -> None:
    """Go to the articles."""
    page.get_by_role("tab").nth(1).click()
    page.locator(".articles-list li button").first.wait_for()


def read(page: Page) -> None:
    """Open the first article of the tab."""
    page.locator(".articles-list li button").first.click()
    page.locator(".pane .text").wait_for()


def kept(page: Page) -> None:
    """Open the kept conversations."""
    page.locator(".sidebar .toggle-button").click()
    page.locator(".kept li").first.wait_for()


SHOTS = (
    Shot("first-ar", "First screen, Arabic", "ar"),
    Shot("first-en-dark", "First screen, English, dark", "en", scheme="dark"),
    Shot("first-fr-phone", "First screen, French, phone", "fr", PHONE),
    Shot("answer-ar", "An answer", "ar", steps=(ask(AR),)),
    Shot("answer-fr-dark", "An answer, French, dark", "fr", scheme="dark", steps=(ask(FR),)),
    Shot("answer-ar-phone-dark", "An answer, phone, dark", "ar", PHONE, "dark", (ask(AR),)),
    Shot("card-en", "A marker pointed at", "en", steps=(ask(EN), point)),
    Shot("citation-ar", "An open citation", "ar", steps=(ask(AR), cite)),
    Shot("citation-en-dark", "An open citation, dark", "en", scheme="dark", steps=(ask(EN), cite)),
    Shot("citation-ar-phone", "An open citation, phone", "ar", PHONE, steps=(ask(AR), cite)),
    Shot("abstention-ar", "No answer", "ar", steps=(ask(ABSENT_AR),)),
    Shot("abstention-fr-dark", "No answer, dark", "fr", scheme="dark", steps=(ask(ABSENT_FR),)),
    Shot("abstention-ar-phone", "No answer, phone", "ar", PHONE, steps=(ask(ABSENT_AR),)),
    Shot("articles-ar", "The articles", "ar", steps=(articles,)),
    Shot("articles-en-dark", "An article read, dark", "en", scheme="dark", steps=(articles, read)),
    Shot("articles-fr-phone", "The articles, phone", "fr", PHONE, steps=(articles,)),
    Shot("kept-en", "Kept conversations", "en", steps=(ask(EN), kept)),
)


def taken(browser: Browser, address: str, shot: Shot) -> bytes:
    """The picture of ``shot`` as PNG, in few colours."""
    width, height = shot.size
    context = browser.new_context(
        locale=shot.language,
        viewport={"width": width, "height": height},
        color_scheme=shot.scheme,
        reduced_motion="reduce",
        device_scale_factor=2 if shot.size == PHONE else 1,
    )
    page = context.new_page()
    page.goto(address)
    page.locator(".examples").wait_for()
    for step in shot.steps:
        step(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)  # until what was scrolled to stands still
    image = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    small = io.BytesIO()
    image.convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> None:
    """Take every picture; see the module's words."""
    lines = ["# What it looks like", "", "Made by `python -m docs.screenshots`.", ""]
    (HERE / "screenshots").mkdir(exist_ok=True)
    with served() as address, browsing() as browser:
        for shot in SHOTS:
            picture = HERE / "screenshots" / f"{shot.name}.png"
            picture.write_bytes(taken(browser, address, shot))
            width = 270 if shot.size == PHONE else 720
            lines += [
                f"## {shot.caption}",
                "",
                f'<img src="screenshots/{picture.name}" width="{width}" alt="{shot.caption}">',
                "",
            ]
    (HERE / "screenshots.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
