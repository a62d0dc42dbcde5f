"""The page in a real browser: signed in by a link, watched for faults, and photographed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from local.browser import ADVICE, chromium
from tests.e2e.deployed import ROOT, STATE, running
from tests.e2e.line import Line
from trading.aws.store import sign_ins

SCREENSHOTS = ROOT / STATE / "screenshots"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WAIT_MILLISECONDS = 30_000
ANSWERED = "Failed to load resource"
"""What the browser says of an answer that is a refusal; the page says it in words."""
OFFLINE = "WebSocket connection to"
"""What it says when the network is gone."""


@contextmanager
def started() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MILLISECONDS)
    path = chromium()
    assert path, ADVICE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Desk:
    """A browser of one reader, with the page in it."""

    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"#ticket-{name}", value)

    def send(self) -> None:
        """Reviews and sends what the ticket has."""
        self.page.click("#send")
        self.page.click("dialog .primary")

    def row(self, state: str) -> Locator:
        """The rows of orders in a state, once there is one."""
        found = self.find(f'tr[data-state="{state}"]')
        found.first.wait_for()
        return found

    def notice(self, text: str) -> None:
        """Waits until the page has said it."""
        self.find(
            ".notices p",
        ).filter(has_text=text).first.wait_for()

    def photograph(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def link(customer_id: str | None = None) -> str:
    """A link that signs in once, as `make page` prints it."""
    system, code = running(), sign_ins.new_code()
    system.put(sign_ins.item(code, customer_id, datetime.now(UTC)))
    return f"{system.url}/ui#code={code}"


@contextmanager
def signed_in(browser: Browser, customer_id: str | None = None, **options: Any) -> Iterator[Desk]:
    """A browser of its own, signed in. Fails at its end if the console or the page's policy had anything to say."""
    with opened(browser, link(customer_id), **options) as desk:
        desk.page.wait_for_selector("#ticket")
        desk.page.wait_for_selector("#account dl")
        yield desk


@contextmanager
def opened(browser: Browser, address: str, line: Line | None = None, **options: Any) -> Iterator[Desk]:
    """A browser of its own that has opened the address, with the stream over this line."""
    context = browser.new_context(**({"viewport": DESKTOP, "reduced_motion": "reduce"} | options))
    context.set_default_timeout(WAIT_MILLISECONDS)
    if line:
        line.lay(context)
    desk = Desk(context, context.new_page())
    desk.page.on("pageerror", lambda error: desk.faults.append(str(error)))
    desk.page.on("console", lambda said: _heard(desk, said.type, said.text))
    desk.page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective))"
    )
    desk.page.goto(address)
    yield desk
    context.close()
    assert desk.faults == []


def _heard(desk: Desk, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not text.startswith((ANSWERED, OFFLINE)):
        desk.faults.append(text)
