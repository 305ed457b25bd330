"""Print HTML files with Chromium as if the Odoo server had sent them."""

import contextlib
import io
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Page, Request, Response, Route, sync_playwright
from pypdf import PageObject, PdfReader

from . import chromium
from .arguments import Job, Margins

BASE = re.compile(r"""<base\s[^>]*href\s*=\s*["'](https?://[^"']+)""", re.IGNORECASE)
NO_SERVER = "http://report.invalid"
FOLDER = "/chromium-pdf/"

# Odoo serves unbundled files of the debug mode to any other program.
USER_AGENT = "Mozilla/5.0 (X11; Linux) wkhtmltopdf (Chromium development renderer)"

TIMEOUT_MS = 60_000

WAIT_UNTIL_COMPLETE = """async timeout => {
    const complete = async () => {
        for (const image of document.images) {
            image.loading = "eager";
        }
        await Promise.all(
            [...document.images].map(image => image.decode().catch(() => {}))
        );
        await document.fonts.ready;
    };
    await Promise.race([complete(), new Promise(done => setTimeout(done, timeout))]);
}"""

KEEP_BODY = """document.addEventListener("DOMContentLoaded", () => {
    window.chromiumPdfBody = document.body.innerHTML;
});"""

# Odoo's page numbers come from the query in the body's onload (subst).
NUMBER_AGAIN = """query => {
    history.replaceState(null, "", location.pathname + query);
    document.body.innerHTML = window.chromiumPdfBody;
    if (window.onload) {
        try {
            window.onload(new Event("load"));
        } catch (error) {
            console.error(error);
        }
    }
}"""

# Where WebKit's print differs from Chromium's: it compares media queries with a
# window, not with the sheet, so Odoo's body always fills the sheet; and it repeats
# the foot of a table on every page.
AS_WEBKIT = """
    body.container { max-width: none !important; }
    thead, tfoot { break-inside: avoid !important; }
"""

TRANSPARENT = "html, body { background: transparent !important; }"

HAS_HEADING = "() => Boolean(document.querySelector('h1, h2, h3, h4, h5, h6'))"


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def read_origin(document: Path) -> str:
    """Return the server of the document's `<base>`: Odoo's `report.url`."""
    match = BASE.search(document.read_text(encoding="utf-8", errors="replace"))
    return origin_of(match[1]) if match else NO_SERVER


class Renderer:
    """One browser for one job.

    Every document gets an address of the Odoo server itself, so cookies, fonts and
    images work as on a page of Odoo, and nothing but that server can be reached.
    """

    def __init__(self, job: Job):
        self.job = job
        self.faults: list[str] = []
        self._origins = {path: read_origin(path) for path in job.documents}
        self._documents = {
            f"{origin}{FOLDER}{path.name}": path
            for path, origin in self._origins.items()
        }
        self._exit = contextlib.ExitStack()

    def __enter__(self):
        playwright = self._exit.enter_context(sync_playwright())
        # Redirects do not pass through `_answer`, hence the rule for host names.
        hosts = {urlsplit(origin).hostname for origin in self._origins.values()}
        rules = ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in hosts)])
        self._browser = playwright.chromium.launch(
            **chromium.launch_options(f"--host-resolver-rules={rules}")
        )
        self._exit.callback(self._browser.close)
        self._context = self._browser.new_context(
            user_agent=USER_AGENT, service_workers="block"
        )
        self._context.set_default_timeout(TIMEOUT_MS)
        self._context.add_cookies(
            [
                {"name": name, "value": value, "url": origin, "httpOnly": True}
                for name, value in self.job.cookies
                for origin in set(self._origins.values())
            ]
        )
        self._context.route("**/*", self._answer)
        self._context.on("requestfailed", self._note_failure)
        self._context.on("response", self._note_response)
        return self

    def __exit__(self, *error):
        return self._exit.__exit__(*error)

    def print_body(self, path: Path) -> tuple[PdfReader, bool]:
        """Return the pages of a body and whether wkhtmltopdf would outline it."""
        page = self._open(path)
        pdf = self._print(page, self.job.margins)
        has_heading = page.evaluate(HAS_HEADING)
        page.close()
        return pdf, has_heading

    def band(self, path: Path, margins: Margins) -> "Band":
        return Band(self, path, margins)

    def _open(self, path: Path, query: str = "", script: str = "") -> Page:
        page = self._context.new_page()
        page.emulate_media(media="screen")  # as wkhtmltopdf does
        if script:
            page.add_init_script(script)
        page.goto(f"{self._origins[path]}{FOLDER}{path.name}{query}")
        page.add_style_tag(content=AS_WEBKIT)
        return page

    def _print(self, page: Page, margins: Margins) -> PdfReader:
        page.evaluate(WAIT_UNTIL_COMPLETE, TIMEOUT_MS)
        data = page.pdf(
            width=f"{self.job.width}mm",
            height=f"{self.job.height}mm",
            margin={
                "top": f"{margins.top}mm",
                "right": f"{margins.right}mm",
                "bottom": f"{margins.bottom}mm",
                "left": f"{margins.left}mm",
            },
            scale=self.job.scale,
            print_background=True,
        )
        return PdfReader(io.BytesIO(data))

    def _answer(self, route: Route):
        address = route.request.url.partition("?")[0]
        if document := self._documents.get(address):
            route.fulfill(path=document, content_type="text/html; charset=utf-8")
        elif origin_of(address) in self._origins.values():
            route.continue_()
        else:
            route.abort("blockedbyclient")

    def _note_failure(self, request: Request):
        self.faults.append(f"{request.url} not loaded: {request.failure}")

    def _note_response(self, response: Response):
        if response.status >= 400:
            self.faults.append(f"{response.url} not loaded: HTTP {response.status}")


class Band:
    """A header or footer document, printed once for each different content."""

    def __init__(self, renderer: Renderer, path: Path, margins: Margins):
        self._renderer = renderer
        self._path = path
        self._margins = margins
        self._page: Page | None = None
        self._printed: dict[str, PageObject] = {}

    def print(self, numbers: dict[str, str | int]) -> PageObject:
        query = f"?{urlencode(numbers)}"
        if self._page is None:
            self._page = self._renderer._open(self._path, query, KEEP_BODY)
            self._page.add_style_tag(content=TRANSPARENT)
        else:
            self._page.evaluate(NUMBER_AGAIN, query)
        content = self._page.evaluate("document.body.innerHTML")
        if content not in self._printed:
            pdf = self._renderer._print(self._page, self._margins)
            self._printed[content] = pdf.pages[0]
        return self._printed[content]
