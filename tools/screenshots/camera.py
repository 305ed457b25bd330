"""Wait until a page of the web client is complete, then take its picture."""

import contextlib
import time
from pathlib import Path
from urllib.parse import urlsplit

from chromium_pdf.chromium import launch_options
from playwright.sync_api import Browser, Page, sync_playwright

from .picture import same
from .session import ServerFault, Session
from .shots import Shot

TIMEOUT_MS = 30_000
STABLE_AFTER_MS = 150
STABLE_TRIES = 20

# The reason why the page is not ready, or the empty string.
NOT_READY = """() => {
    const error = document.querySelector(".o_error_dialog");
    if (error) {
        return "error: " + error.innerText;
    }
    if (document.readyState !== "complete") {
        return "page not loaded";
    }
    if (document.body.classList.contains("o_web_client")) {
        const content = document.querySelector(".o_action_manager > *");
        if (!content || !content.innerText.trim()) {
            return "no action yet";
        }
        if (document.querySelector(".o_loading_indicator, .o_blockUI")) {
            return "loading";
        }
    }
    const missing = [...document.images].find(image =>
        !image.complete && image.loading !== "lazy"
    );
    if (missing) {
        return `image ${missing.src}`;
    }
    return document.fonts.status === "loaded" ? "" : "fonts";
}"""

# What differs from one run to the next.
HIDDEN = (
    ".o_tour_pointer",
    ".o_notification_manager",
    ".o_menu_systray .badge",
    ".o-web-UserMenu-imStatus",
)


class NotReady(Exception):
    """The page did not become complete."""


@contextlib.contextmanager
def browser():
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(**launch_options())
        try:
            yield Camera(instance)
        finally:
            instance.close()


class Camera:
    """One browser with one context for each login."""

    def __init__(self, instance: Browser):
        self._browser = instance

    @contextlib.contextmanager
    def session(self, base: str, login: str, password: str):
        """Give a logged-in session; without a login a visitor's."""
        context = self._browser.new_context(
            locale="en-US", timezone_id="UTC", reduced_motion="reduce"
        )
        context.set_default_timeout(TIMEOUT_MS)
        if not login:
            yield Visitor(context, base)
            context.close()
            return
        session = Session(context, base, login, password)
        try:
            yield session
        finally:
            session.close()

    def take(self, session, shot: Shot, target: Path):
        page = session.context.new_page()
        missing = []

        def check_action(response):
            # The client shows its home page instead of an action that is not there.
            if urlsplit(response.url).path == "/web/action/load":
                error = response.json().get("error")
                if error:
                    missing.append(error["data"]["message"])

        page.on("response", check_action)
        try:
            page.set_viewport_size(shot.viewport)
            page.goto(session.base + session.resolve(shot.path), wait_until="load")
            wait_until_ready(page)
            for selector in shot.click:
                page.locator(selector).first.click()
                wait_until_ready(page)
            for selector in shot.wait:
                page.locator(selector).first.wait_for()
            # Away from every element that would show its hovered form or a tip.
            page.mouse.move(0, shot.viewport["height"] - 1)
            picture = _stable_picture(page, shot)
            if missing:
                raise ServerFault(f"{shot.path}: {missing[0]}")
        finally:
            page.close()
        target.parent.mkdir(parents=True, exist_ok=True)
        # A picture that shows nothing new leaves no change in the repository.
        if not (target.exists() and same(target.read_bytes(), picture)):
            target.write_bytes(picture)


class Visitor:
    """A context without login: the login page, the portal's public pages."""

    def __init__(self, context, base: str):
        self.context = context
        self.base = base

    def speak(self, language: str) -> str:
        return language

    def resolve(self, path: str) -> str:
        return path


def wait_until_ready(page: Page):
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    calm = 0
    while calm < 3:  # a view may start to load just after an action has come
        reason = page.evaluate(NOT_READY)
        if reason.startswith("error: "):
            raise ServerFault(reason)
        if time.monotonic() > deadline:
            raise NotReady(f"{page.url} is not ready: {reason}")
        calm = 0 if reason else calm + 1
        page.wait_for_timeout(50)


def _stable_picture(page: Page, shot: Shot) -> bytes:
    """Return the first picture that equals the one before: nothing fades or grows."""
    hidden = ", ".join([*HIDDEN, *shot.hide])
    style = f"{hidden} {{ visibility: hidden !important; }}"
    before = b""
    for _attempt in range(STABLE_TRIES):
        wait_until_ready(page)
        picture = page.screenshot(
            style=style, animations="disabled", clip=_frame(page, shot)
        )
        if same(picture, before):
            return picture
        before = picture
        page.wait_for_timeout(STABLE_AFTER_MS)
    raise NotReady(f"{page.url} keeps changing")


def _frame(page: Page, shot: Shot):
    """Return where the element to show is; None for the whole window."""
    if not shot.clip:
        return None
    element = page.locator(shot.clip).first
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    # Scrolled parts would be hidden under the sticky bars of the web client.
    if box["y"] < 0 or box["y"] + box["height"] > shot.viewport["height"]:
        need = round(box["y"] + box["height"])
        raise NotReady(f"{shot.clip} does not fit: give a height of at least {need}")
    return box
