"""Run the renderer as Odoo does: options, files in a temporary folder, a server."""

import http.server
import re
import subprocess
import threading
from pathlib import Path

import pytest
from pypdf import PdfReader

PROGRAM = Path(__file__).parents[3] / "tools" / "bin" / "wkhtmltopdf"

# The paper format "A4" of Odoo, as `_build_wkhtmltopdf_args` gives it.
A4 = [
    "--disable-local-file-access",
    "--quiet",
    *("--page-size", "A4"),
    *("--margin-top", "52.0"),
    *("--dpi", "90", "--zoom", "1.0666666666666667"),
    *("--header-spacing", "52"),
    *("--margin-left", "0.0"),
    *("--margin-bottom", "32.0"),
    *("--margin-right", "0.0"),
    *("--orientation", "Portrait"),
    *("--javascript-delay", "1000"),
]

# Odoo's own script of web.minimal_layout.
SUBST = """
function subst() {
    var vars = {};
    var x = document.location.search.substring(1).split('&');
    for (var i in x) {
        var z = x[i].split('=', 2);
        vars[z[0]] = unescape(z[1]);
    }
    var x = ['sitepage', 'sitepages', 'section', 'subsection', 'subsubsection'];
    var z = {'sitepage': 'page', 'sitepages': 'topage'};
    for (var i in x) {
        var y = document.getElementsByClassName(z[x[i]] || x[i])
        for (var j = 0; j < y.length; ++j)
            y[j].textContent = vars[x[i]];
    }
    var index = vars['webpage'].split('.', 4)[3];
    for (var id of ['minimal_layout_report_headers', 'minimal_layout_report_footers']) {
        var band = document.getElementById(id);
        if (band) {
            var company = band.children[index];
            band.textContent = '';
            band.appendChild(company);
        }
    }
}
"""


class Server:
    """Stand-in for Odoo: answers paths with bytes and remembers the requests."""

    def __init__(self):
        self.answers = {}
        self.requests = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                status, headers, body = outer.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


class Printer:
    """Write the files that Odoo writes and run the program on them."""

    program = PROGRAM
    a4 = A4

    def __init__(self, folder):
        self.folder = folder
        self.output = folder / "report.tmp.pdf"
        self.base = "http://localhost:9"

    def page(self, body, *, subst=False):
        script = f"<script>{SUBST}</script>" if subst else ""
        onload = ' onload="subst()"' if subst else ""
        return (
            f'<!DOCTYPE html><html style="height: 0;"><head><base href="{self.base}"/>'
            f'<meta charset="utf-8"/>{script}</head><body{onload}>{body}</body></html>'
        )

    def run(self, *bodies, headers=(), footers=(), options=A4, expect=0, **process):
        command = [PROGRAM, *options]
        for kind, parts in (("header", headers), ("footer", footers)):
            if parts:
                divs = "".join(f"<div>{part}</div>" for part in parts)
                path = self.folder / f"report.{kind}.tmp.x.html"
                path.write_text(
                    self.page(
                        f'<div id="minimal_layout_report_{kind}s">{divs}</div>',
                        subst=True,
                    )
                )
                command += [f"--{kind}-html", path]
        for index, body in enumerate(bodies):
            path = self.folder / f"report.body.tmp.{index}.x.html"
            path.write_text(self.page(body))
            command.append(path)
        done = subprocess.run(
            [*command, self.output],
            capture_output=True,
            encoding="utf-8",
            check=False,
            **process,
        )
        assert done.returncode == expect, done.stderr
        self.stderr = done.stderr
        return PdfReader(self.output) if expect < 2 else None


@pytest.fixture
def printer(tmp_path):
    return Printer(tmp_path)


@pytest.fixture
def position():
    """Return a function giving x and y (from the top, in mm) of a text."""

    def find(page, text):
        found = []

        def visit(part, transformation, matrix, *font):
            if text in part:
                x, y = matrix[4], matrix[5]
                a, b, c, d, e, f = transformation
                found.append((a * x + c * y + e, b * x + d * y + f))

        page.extract_text(visitor_text=visit)
        x, y = found[0]
        millimetre = 72 / 25.4
        return x / millimetre, (float(page.mediabox.height) - y) / millimetre

    return find


@pytest.fixture
def text():
    """Return a function giving a page's text with single spaces."""
    return lambda page: re.sub(r"\s+", " ", page.extract_text()).strip()
