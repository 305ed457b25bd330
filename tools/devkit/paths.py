"""Where things are. All that ./dev makes lies under CACHE."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".odoo"
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
TEST_ADDONS = TESTS / "addons"
TOOLS = ROOT / "tools"

LOCK_FILE = TOOLS / "requirements.lock"
VENV = CACHE / "venv"
VENV_PYTHON = VENV / "bin" / "python"
ODOO_ROOT = CACHE / "root"
DATA_DIR = CACHE / "data"
OUT = CACHE / "out"
