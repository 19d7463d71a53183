"""The README is held to the program: its first two blocks, its commands, and the commands it leaves out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from typer.main import get_command

from natcap.desk.cli import app

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def commands() -> dict[tuple[str, ...], object]:
    found: dict[tuple[str, ...], object] = {}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        for sub, below in getattr(command, "commands", {}).items():
            found[name, sub] = below
        if not hasattr(command, "commands"):
            found[name,] = command
    return found


def test_first_two_blocks_are_the_job_and_the_tests() -> None:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert [kind for kind, _ in blocks[:2]] == ["sh", "sh"]
    assert blocks[0][1].strip().endswith("natcap demo")
    assert ".venv/bin/pytest" in blocks[1][1]


def test_every_command_is_in_the_readme_and_every_readme_command_exists() -> None:
    known = commands()
    said = [shlex.split(line.split("#")[0])[1:] for line in README.splitlines() if line.startswith("natcap ")]
    used = {next((key for key in known if tuple(words[: len(key)]) == key), tuple(words)) for words in said}
    assert used | {("demo",)} == set(known)


def test_every_option_in_the_readme_exists() -> None:
    known = commands()
    for line in README.splitlines():
        if line.startswith("natcap "):
            words = shlex.split(line.split("#")[0])[1:]
            key = next(key for key in known if tuple(words[: len(key)]) == key)
            options = {option for parameter in known[key].params for option in parameter.opts}  # type: ignore[attr-defined]
            assert {word for word in words if word.startswith("--")} <= options, line
