"""Takes over into the help what `test_two_desks` has left among the results of the tests.

Run ``python -m tests.fleet.help_pictures`` after that test has passed.
"""

from __future__ import annotations

import sys

from PySide6.QtGui import QImage

from tests.crash.engine_process import ROOT
from tests.fleet.desks import ARTEFACTS

PICTURES = ROOT / "resources" / "help" / "pictures"
# Name in the help: which picture of the test.
TAKEN = {"split": "fleet-merge-brno", "fleet": "fleet-split-praha"}


def main() -> int:
    """Write them as small as PNG can without losing anything; returns 0."""
    for name, source in TAKEN.items():
        image = QImage(str(ARTEFACTS / f"{source}.png")).convertToFormat(
            QImage.Format.Format_RGB888
        )
        path = PICTURES / f"{name}.png"
        # Quality 0 is the strongest compression for PNG.
        if image.isNull() or not image.save(str(path), b"PNG", 0):
            raise OSError(f"{path} cannot be made of {source}")
        print(path.name, path.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
