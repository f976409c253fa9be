"""Commands that are measured, and the trees on which they run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
# 1 says that there are findings or matches; 2 would be an error.
FINE = (0, 1)


@dataclass
class Command:
    """A command with what its runs took."""

    name: str
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    # Where it runs, if not where the others do.
    folder: Path | None = None
    seconds: list[float] = field(default_factory=list)
    # In kilobytes; never below what Python itself holds when it starts the child.
    peak: int = 0

    def run(self, folder: Path) -> None:
        with tempfile.TemporaryFile() as errors:
            began = time.perf_counter()
            environment = {**os.environ, **self.environment}
            process = subprocess.Popen(self.words, cwd=self.folder or folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            took = time.perf_counter() - began
            # The child has been waited for here, so `Popen` must not do it again.
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in FINE:
                errors.seek(0)
                sys.exit(f"{' '.join(self.words)} exits {process.returncode}:\n{errors.read().decode()}")
        self.seconds.append(took)
        # macOS counts bytes, Linux kilobytes.
        self.peak = max(self.peak, usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1))


def in_turn(commands: list[Command], folder: Path, runs: int) -> None:
    """Runs all commands in turn, so that what slows one slows all; a first round warms the disk's cache."""
    for command in commands:
        command.run(folder)
        command.seconds.clear()
    for _ in range(runs):
        for command in commands:
            command.run(folder)


def generated(files: int) -> Path:
    """The generated tree; made once for each version of the generator."""
    generator = Path(__file__).with_name("generate.py")
    version = blake2b(generator.read_bytes(), digest_size=4).hexdigest()
    folder = TARGET / "bench" / f"generated-{files}-{version}"
    if not folder.exists():
        # Generated beside its place and then renamed: a tree is whole or not there.
        partial = Path(tempfile.mkdtemp(dir=ensured(folder.parent)))
        subprocess.run([sys.executable, generator, partial / "tree", "--files", str(files)], check=True)
        (partial / "tree").rename(folder)
        partial.rmdir()
    return folder


def ensured(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def built() -> Path:
    """The release binary, built if need be."""
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
    return TARGET / "release" / "repot"
