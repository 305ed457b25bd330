"""The development renderer prints what Odoo asks wkhtmltopdf for."""

import base64
import resource
import subprocess

import pytest

PAGE_BREAK = '<div style="page-break-before: always">'
NUMBERS = 'Page <span class="page"></span> of <span class="topage"></span>'
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAA"
    "AElFTkSuQmCC"
)


def size(page):
    """Return width and height in mm."""
    box = page.mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def test_version_is_accepted_by_odoo(printer):
    command = [printer.program, "--version"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == b"wkhtmltopdf 0.12.6 (with patched qt)\n"


def test_one_page_has_header_body_footer_in_place(printer, position):
    pdf = printer.run("Body text", headers=["Header text"], footers=["Footer text"])
    (page,) = pdf.pages
    assert size(page) == (210, 297)
    # The header starts at the top margin less the spacing, the footer below the body.
    assert 0 < position(page, "Header text")[1] < 10
    assert 52 < position(page, "Body text")[1] < 62
    assert 265 < position(page, "Footer text")[1] < 275


def test_two_bodies_have_their_own_headers_and_page_numbers(printer, text):
    pdf = printer.run(
        f"First body {PAGE_BREAK}First body again</div>",
        "Second body",
        headers=["Header one", "Header two"],
        footers=[f"Footer one {NUMBERS}", f"Footer two {NUMBERS}"],
    )
    assert [text(page) for page in pdf.pages] == [
        "First body Header one Footer one Page 1 of 2",
        "First body again Header one Footer one Page 2 of 2",
        "Second body Header two Footer two Page 1 of 1",
    ]


def test_many_lines_flow_over_pages(printer, text):
    lines = "".join(f"<div>line {number};</div>" for number in range(300))
    pdf = printer.run(lines, footers=[NUMBERS])
    pages = [text(page) for page in pdf.pages]
    assert len(pages) > 2
    assert pages[-1].endswith(f"Page {len(pages)} of {len(pages)}")
    printed = " ".join(pages)
    assert all(f"line {number};" in printed for number in range(300))


def test_landscape_turns_the_sheet(printer):
    pdf = printer.run("Body", options=[*printer.a4, "--orientation", "landscape"])
    assert size(pdf.pages[0]) == (297, 210)


def test_sheet_has_whole_points(printer):
    (page,) = printer.run("Body", options=["--page-size", "Letter"]).pages
    assert page.mediabox.lower_left == (0, 0)
    assert page.mediabox.upper_right == (612, 792)


def test_table_repeats_head_and_foot(printer, text):
    rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(90))
    table = (
        f"<table><thead><tr><th>Head</th></tr></thead><tbody>{rows}</tbody>"
        "<tfoot><tr><th>Foot</th></tr></tfoot></table>"
    )
    pages = printer.run(table).pages
    assert len(pages) > 1
    for page in pages:
        assert text(page).startswith("Head row")
        assert text(page).endswith("Foot")


def test_custom_size_and_margins(printer, position):
    size_options = ["--page-width", "100mm", "--page-height", "150mm"]
    margins = "--margin-top=20 --margin-left=30 --margin-right=0 --margin-bottom=0"
    options = [*size_options, *margins.split(), "--disable-smart-shrinking"]
    body = "<style>body { margin: 0; }</style>Body text"
    (page,) = printer.run(body, options=options).pages
    assert size(page) == (100, 150)
    x, y = position(page, "Body text")
    assert x == pytest.approx(30, abs=0.5)
    assert 20 < y < 26


@pytest.mark.parametrize(
    ("options", "scale"),
    [
        ([], 0.8),
        (["--dpi", "90", "--zoom", "1.0666666666666667"], 0.8533),
        (["--disable-smart-shrinking"], 1),
    ],
)
def test_shrinking_and_zoom_give_the_scale(printer, position, options, scale):
    body = '<div style="position: absolute; top: 0; left: 100mm">Body text</div>'
    (page,) = printer.run(body, options=["--margin-left", "0", *options]).pages
    assert position(page, "Body text")[0] == pytest.approx(100 * scale, abs=0.5)


def test_non_ascii_text_can_be_read(printer, text):
    (page,) = printer.run("Zürich 上海 Łódź").pages
    assert text(page) == "Zürich 上海 Łódź"


def test_headings_give_the_outline_that_odoo_splits_by(printer):
    pdf = printer.run(f"<h1>One</h1>{PAGE_BREAK}More</div>", "<h2>Two</h2>", "no")
    root = pdf.trailer["/Root"]
    node, pages = root["/Outlines"]["/First"], []
    while True:
        pages.append(root["/Dests"][node["/Dest"]][0])
        if "/Next" not in node:
            break
        node = node["/Next"]
    assert pages == [0, 2]


def test_bodies_without_heading_give_no_outline(printer):
    pdf = printer.run("One", "Two")
    assert "/Outlines" not in pdf.trailer["/Root"]


def test_cookies_reach_the_server(printer, server):
    server.answers["/logo"] = 200, {"Content-Type": "image/png"}, PIXEL
    printer.base = server.url
    jar = printer.folder / "report.cookie_jar.tmp.txt"
    jar.write_text("session_id=abc; HttpOnly; domain=127.0.0.1; path=/;")
    printer.run(
        '<img src="/logo"/>',
        options=["--cookie", "test_key", "7", *printer.a4, "--cookie-jar", jar],
    )
    (path, headers) = server.requests[0]
    assert path == "/logo"
    assert headers["Cookie"] == "test_key=7; session_id=abc"
    assert " wkhtmltopdf " in headers["User-Agent"]


def test_missing_image_is_a_warning(printer, server, text):
    printer.base = server.url
    (page,) = printer.run('Body<img src="/gone"/>', expect=1).pages
    assert text(page) == "Body"
    assert f"{server.url}/gone not loaded: HTTP 404" in printer.stderr


def test_other_servers_and_files_are_out_of_reach(printer, server, tmp_path):
    (tmp_path / "secret.png").write_bytes(PIXEL)
    redirect = {"Location": server.url.replace("127.0.0.1", "127.0.0.2") + "/b"}
    server.answers["/redirect"] = 302, redirect, b""
    printer.base = server.url
    printer.run(
        f'<img src="file://{tmp_path}/secret.png"/>'
        '<img src="http://localhost:9/a"/><img src="/redirect"/>',
        expect=1,
    )
    assert [path for path, _headers in server.requests] == ["/redirect"]
    assert "http://localhost:9/a not loaded: net::ERR_BLOCKED_BY_CLIENT" in (
        printer.stderr
    )
    assert "/b not loaded: net::ERR_NAME_NOT_RESOLVED" in printer.stderr


def test_memory_limit_of_odoo_is_lifted(printer):
    def limit():
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, hard))

    printer.run("Body", preexec_fn=limit)


@pytest.mark.parametrize("options", [["--unknown"], ["--page-size", "A99"]])
def test_unknown_option_is_an_error(printer, options):
    printer.run("Body", options=options, expect=2)


def test_missing_file_is_an_error(printer):
    printer.run("Body", options=["--header-html", "/nowhere.html"], expect=2)
    assert "no such file: /nowhere.html" in printer.stderr


def test_missing_browser_is_an_error(printer):
    (printer.folder / "bin").mkdir()
    for name in ("sh", "dirname", "readlink"):
        (printer.folder / "bin" / name).symlink_to(f"/usr/bin/{name}")
    printer.run("Body", env={"PATH": str(printer.folder / "bin")}, expect=2)
    assert "install one of chromium" in printer.stderr
