"""The doors at the root, tried on copies beside a stand-in for the package."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("server.py", "client.py", "doors.py")
DOORS = ("server", "client")

# Without `site` an interpreter sees its standard library and no installed package.
BARE = (sys.executable, "-S", "-E")

WORKING = """
import sys

def server_door(argv):
    print("server", sys.prefix, *argv)
    return 7

def client_door(argv):
    print("client", sys.prefix, *argv)
    return 7
"""
NEEDS_PACKAGE = "import absent_package.part\n" + WORKING
NEEDS_PACKAGE_LATE = """
def server_door(argv):
    import absent_package.part

client_door = server_door
"""
BROKEN_ITSELF = "import hubbub.absent_module\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "a checkout"
    package = root / "src" / "hubbub" / "app"
    package.mkdir(parents=True)
    (root / "src" / "hubbub" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(WORKING)
    for name in FILES:
        shutil.copy(ROOT / name, root)
    return root


def set_cli(checkout: Path, source: str) -> None:
    (checkout / "src" / "hubbub" / "app" / "cli.py").write_text(source)


def make_venv(checkout: Path) -> Path:
    """Give the checkout a .venv that holds the package which is absent elsewhere."""
    venv = checkout / ".venv"
    subprocess.run([*BARE, "-m", "venv", "--without-pip", str(venv)], check=True)
    (site_packages,) = venv.glob("[Ll]ib/**/site-packages")
    (site_packages / "absent_package").mkdir()
    (site_packages / "absent_package" / "part.py").touch()
    return venv


def run(
    checkout: Path, door: str, *argv: str, python: tuple[str, ...] = BARE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*python, str(checkout / f"{door}.py"), *argv],
        cwd=checkout.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def run_as_python_3_8(
    checkout: Path, door: str, *argv: str
) -> subprocess.CompletedProcess[str]:
    script = str(checkout / f"{door}.py")
    pretend = (
        "import runpy, sys\n"
        "sys.version_info = (3, 8, 18, 'final', 0)\n"
        f"sys.argv[0] = {script!r}\n"
        f"sys.path[0] = {str(checkout)!r}\n"
        f"runpy.run_path({script!r}, run_name='__main__')\n"
    )
    return subprocess.run(
        [*BARE, "-c", pretend, *argv], capture_output=True, text=True, check=False
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("door", DOORS)
def test_passes_arguments_in_and_the_exit_code_out(checkout: Path, door: str) -> None:
    done = run(checkout, door, "127.0.0.1", "5000", "--color", "never")
    assert done.stderr == ""
    assert done.stdout.startswith(f"{door} ")
    assert done.stdout.endswith(" 127.0.0.1 5000 --color never\n")
    assert done.returncode == 7


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("source", [NEEDS_PACKAGE, NEEDS_PACKAGE_LATE])
def test_a_missing_package_is_one_sentence(
    checkout: Path, door: str, source: str
) -> None:
    set_cli(checkout, source)
    done = run(checkout, door, "127.0.0.1", "5000")
    assert_refused(
        done, " absent_package,", "make setup", "pip install -r requirements.txt"
    )


@pytest.mark.parametrize("door", DOORS)
def test_a_missing_package_is_found_in_the_venv(checkout: Path, door: str) -> None:
    set_cli(checkout, NEEDS_PACKAGE)
    venv = make_venv(checkout)
    done = run(checkout, door, "::1", "5000", "two words")
    assert done.stderr == ""
    assert done.stdout == f"{door} {venv} ::1 5000 two words\n"
    assert done.returncode == 7


def test_a_package_missing_from_the_venv_too_ends_there(checkout: Path) -> None:
    venv = make_venv(checkout)
    set_cli(checkout, "import another_absent_package\n")
    assert_refused(run(checkout, "server"), " another_absent_package,")
    (python,) = (
        venv.glob("*/python.exe")
        if sys.platform == "win32"
        else [venv / "bin" / "python"]
    )
    done = run(checkout, "server", python=(str(python),))
    assert_refused(done, " another_absent_package,")


def test_a_fault_of_our_own_keeps_its_traceback(checkout: Path) -> None:
    set_cli(checkout, BROKEN_ITSELF)
    done = run(checkout, "server")
    assert "Traceback" in done.stderr
    assert "hubbub.absent_module" in done.stderr


@pytest.mark.parametrize("door", DOORS)
def test_an_old_python_is_one_sentence(checkout: Path, door: str) -> None:
    done = run_as_python_3_8(checkout, door, "127.0.0.1", "5000")
    assert_refused(done, "Python 3.11 or newer", "this is 3.8")


def test_an_old_python_gives_way_to_the_venv(checkout: Path) -> None:
    venv = make_venv(checkout)
    done = run_as_python_3_8(checkout, "server", "127.0.0.1", "5000")
    assert done.stderr == ""
    assert done.stdout == f"server {venv} 127.0.0.1 5000\n"
    assert done.returncode == 7


@pytest.mark.parametrize("name", FILES)
def test_an_old_python_can_read_the_files(name: str) -> None:
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))
