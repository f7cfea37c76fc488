"""Packages of npm that tests ask for a second opinion, installed outside the tree."""

import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


def packages(*names):
    """A directory whose node_modules holds `names` ("warcio@2.4.11"); skips the test without."""
    if not shutil.which("node") or not shutil.which("npm"):
        skip("node and npm are not installed")
    directory = os.path.join(tempfile.gettempdir(), "crawlcard_npm_" + "_".join(
        name.replace("/", "-").replace("@", "-") for name in names))
    done = os.path.join(directory, "installed")
    if os.path.exists(done):
        return directory
    os.makedirs(directory, exist_ok=True)
    try:
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund",
                        "--prefix", directory, *names],
                       check=True, capture_output=True, timeout=90)
    except (OSError, subprocess.SubprocessError) as error:
        skip(f"npm cannot install {' '.join(names)}: {error}")
    open(done, "wb").close()
    return directory


def skip(why):
    print(f"SKIPPED: {why}; nothing was compared")
    sys.exit(SKIPPED)
