"""The pure packages import no Odoo, directly or through another addon module."""

import ast
import re
from pathlib import Path

import pytest

ADDONS = Path(__file__).parents[2] / "addons"
PACKAGES = (
    "credit_rating",
    "client_import",
    "data_quality",
    "duplicates",
    "identifiers",
    "lifecycle",
    "mailfiling",
    "ownership",
    "rate_import",
    "rating_engine",
    "sheet_files",
    "unlocode",
    "valuation",
    "value_workbook",
)
# Another pure package, by its full name.
PURE_MODULE = re.compile(rf"odoo\.addons\.\w+\.({'|'.join(PACKAGES)})(\.|$)")
MODULES = sorted(
    module
    for package in PACKAGES
    for folder in ADDONS.glob(f"*/{package}")
    for module in folder.rglob("*.py")
)


def impure_imports(source: str, depth: int) -> list[str]:
    """Return what a module ``depth`` levels deep in its package must not import.

    A relative import that leaves the package reaches models, and so Odoo.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level > depth:
            names = ["odoo"]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name | ast.Attribute)
            and "import" in getattr(node.func, "id", getattr(node.func, "attr", ""))
        ):
            names = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        else:
            continue
        found += [
            f"line {node.lineno}: {name}"
            for name in names
            if str(name).partition(".")[0] in ("odoo", "openerp")
            and not PURE_MODULE.match(str(name))
        ]
    return found


@pytest.mark.parametrize(
    "module", MODULES, ids=lambda module: str(module.relative_to(ADDONS))
)
def test_pure_module_does_not_import_odoo(module: Path) -> None:
    parts = module.relative_to(ADDONS).parts
    depth = len(parts) - 2
    assert impure_imports(module.read_text(), depth) == []


def test_there_are_modules_to_read() -> None:
    assert MODULES


@pytest.mark.parametrize(
    "source",
    [
        "import odoo",
        "import os, odoo.tools",
        "from odoo.addons.sale import models",
        "def f():\n    from odoo import api",
        "from ..models import sale_order",
        "from odoo.addons.logistics_crm.models import sheet_files",
        "__import__('odoo.http')",
        "importlib.import_module('odoo')",
    ],
)
def test_impure_import_is_found(source: str) -> None:
    assert impure_imports(source, 1)


@pytest.mark.parametrize(
    "source",
    [
        "import decimal",
        "from . import cargo",
        "from odoo.addons.logistics_crm.sheet_files import Sheet",
    ],
)
def test_pure_import_is_let_through(source: str) -> None:
    assert impure_imports(source, 1) == []
