"""Let pure packages be imported by their Odoo path where Odoo is not loaded."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ADDONS = ROOT / "addons"

sys.path.insert(0, str(ROOT / "tools"))


def _namespace(name, path):
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(path)]
    sys.modules[name] = importlib.util.module_from_spec(spec)


if "odoo" not in sys.modules:
    _namespace("odoo", ADDONS)
    _namespace("odoo.addons", ADDONS)
    for manifest in [
        *ADDONS.glob("*/__manifest__.py"),
        *(ROOT / "tests" / "addons").glob("*/__manifest__.py"),
    ]:
        _namespace(f"odoo.addons.{manifest.parent.name}", manifest.parent)
