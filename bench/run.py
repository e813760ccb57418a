"""`make bench`: measure everything, or only what is named.

python bench/run.py                       everything
python bench/run.py returns web           only these (returns start web sizes rules)
python bench/run.py --write               and keep the table in docs/bench.md
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Become `python -m bench` with the paths it needs, wherever it was called from."""
    paths = os.pathsep.join(str(path) for path in (ROOT, ROOT / "server", ROOT / "dev"))
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]], os.environ | {"PYTHONPATH": paths})  # noqa: S606 ourselves


if __name__ == "__main__":
    main()
