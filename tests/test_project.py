"""The repository watches itself."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr

from rag import __version__
from rag.settings import Settings

ROOT = Path(__file__).parents[1]
SEEDS = {
    "000_7fb68e90ac535105.txt": "9016d64969ff6469d224c609042d93ab57ee4ca50a715411dd66b46ee126454d",
    "001_2a233268df746bec.txt": "a4684d664b094113eec4dbfaf0cc1136994c91a4dcace40cea70ec0f725bf918",
    "002_3a65376a54152af5.txt": "cd1da829b27dcb55e93aedfee1dbdc28e57ac1bf28cce8545030ce068801e8a3",
    "003_aaa179ca8755251f.txt": "ae85c4267368131c24183f23d2a38cdb856675a234373ea80209ba2a83248f8f",
    "004_bb1daa4bba46792c.txt": "fc4fcfd8996ba0b7baae57411138018a92c4783993d9d7369abf236e5a0b7c62",
}


def test_the_seeds_are_as_given() -> None:
    found = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (ROOT / "seeds").glob("*.txt")
    }
    assert found == SEEDS


def test_the_readme_names_every_setting_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        # A secret has no flag: other users of the machine could see it.
        secret = field.annotation == SecretStr | None
        flag = "–" if secret else f"`--{name.replace('_', '-')}`"
        row = re.search(rf"^\| `ISNAD_{name.upper()}` \| {flag} \|.*$", readme, re.M)
        assert row, name
        assert field.default is None or f"`{field.default}`" in row.group(), name


def test_the_readme_says_why_each_dependency_is_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", project, re.M | re.S)
    assert listed
    for name in re.findall(r'"([a-z-]+)>=', listed.group(1)):
        assert f"`{name}`" in readme, name


def test_the_readme_s_pictures_and_files_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([\w./-]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_the_changelog_is_of_this_version() -> None:
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest
    assert newest.group(1) == __version__


def test_nothing_heavy_is_loaded_to_answer_a_question(home: Path) -> None:
    """Torch and its kin take seconds and hundreds of megabytes; Gradio is for the window alone."""
    program = f"""
import sys
import rag.cli, api.app
from rag.engine import Engine
from rag.records import Question
from rag.settings import Settings
Engine.open(Settings(home={str(home)!r})).ask(Question("ما الذي حدث في روما؟"))
print(sorted(sys.modules.keys() & {{"torch", "transformers", "sentence_transformers", "gradio", "sklearn", "pymilvus", "grpc", "pandas"}}))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.strip() == "[]"
