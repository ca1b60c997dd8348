"""`people` and `--user` as a script uses them, and as a person at a real terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select as select_rows

import core.app
from core import cli
from core.store.tables import Meeting
from tests.services.test_minutes import MEETING

PASSWORD = "correct horse battery"
Run = Callable[..., "Said"]
_ENVIRONMENT = {
    "MINUTES_LLM": "extractive",
    "MINUTES_OLLAMA_URL": "http://127.0.0.1:9",
    "PYTHONIOENCODING": "utf-8",
}


@dataclass
class Said:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in this process: starting a new one takes longer than all that it does."""

    def command(*arguments: str, typed: str = "", language: str = "en") -> Said:
        for name, value in {**_ENVIRONMENT, "MINUTES_LANGUAGE": language}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
        status = cli.main(arguments)
        return Said(status, *capsys.readouterr())

    return command


@pytest.fixture(autouse=True)
def _own_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What runs in this process opens the test's folder, not the one before it."""
    monkeypatch.setattr("core.app._app", None)
    yield
    made = core.app._app
    if made is not None:
        made.close()


@pytest.fixture
def meeting_file(tmp_path: Path) -> Path:
    file = tmp_path / "주간 회의.txt"
    file.write_text(MEETING, encoding="utf-8")
    return file


def _at_a_terminal(arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Exit status and all that the terminal showed, where each of `answers` is typed once its
    question is there."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(
            sys.executable,
            [sys.executable, "-m", "core", *arguments],
            {**os.environ, **_ENVIRONMENT, "MINUTES_LANGUAGE": "en"},
        )
    shown, waiting, deadline = "", list(answers), time.monotonic() + 60
    seen = 0
    typed_at = select.poll()  # select() takes no descriptor above 1023
    typed_at.register(terminal, select.POLLIN)
    while time.monotonic() < deadline:
        if not typed_at.poll(200):
            continue
        try:
            some = os.read(terminal, 4096)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not some:
            break
        shown += some.decode()
        if waiting and waiting[0][0] in shown[seen:]:
            seen = len(shown)
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert not waiting, shown
    return os.waitstatus_to_exitcode(status), shown


def test_the_first_account_takes_over_what_is_there_and_commands_say_whose_they_are(
    run: Run, meeting_file: Path
) -> None:
    meeting = run("import", str(meeting_file)).stdout.strip()
    unsaid = run("people", "add", "Kim", "--admin", "--stdin", typed=PASSWORD, language="ko")
    assert unsaid.returncode == 1
    assert "회의 1건" in unsaid.stderr  # announced first
    assert "--yes" in unsaid.stderr.splitlines()[-1]
    assert "아직 계정이 없습니다" in run("people", "list", language="ko").stderr
    made = run("people", "add", "Kim", "--admin", "--stdin", "--yes", typed=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    assert "1 meetings, 1 recordings" in made.stderr
    assert "MINUTES_ACCOUNTS=on" in made.stderr
    assert PASSWORD not in made.stderr + made.stdout

    nobodys = run("transcript", meeting)
    assert nobodys.returncode == 1
    assert "--user NAME" in nobodys.stderr
    before = run("--user", "kim", "transcript", meeting, "--json")
    after = run("transcript", meeting, "--json", "--user", "KIM")
    assert len(json.loads(before.stdout)) == 7
    assert before.stdout == after.stdout

    assert run("people", "add", "Lee", "--stdin", typed=PASSWORD).returncode == 0
    assert run("people", "list").stdout.splitlines()[0].startswith("Kim (admin) · since 20")
    others = run("--user", "Lee", "transcript", meeting)
    assert others.returncode == 1  # as if it were not there
    assert others.stderr == run("--user", "Lee", "transcript", meeting[::-1]).stderr.replace(
        meeting[::-1], meeting
    )
    unknown = run("ask", meeting, "언제?", "--user", "Park")
    assert unknown.returncode == 1
    assert "people list" in unknown.stderr
    assert run("doctor").returncode == 0  # about the machine, whoever asks
    asked = run("ask", meeting, "언제 출시하나요?", "--json", "--user", "Kim")
    assert 4 in json.loads(asked.stdout)["citations"]
    assert run("minutes", str(meeting_file), "--json", "--user", "Lee").returncode == 0
    written = json.loads(run("minutes", str(meeting_file), "--json", "--user", "Lee").stdout)
    assert written["meeting_id"] != meeting  # the same file is hers anew


def test_a_password_is_typed_twice_and_shown_to_nobody(run: Run) -> None:
    first, again = "Password for Kim: ", "once more: "
    status, shown = _at_a_terminal(
        ["people", "add", "Kim", "--admin"], [(first, PASSWORD), (again, PASSWORD)]
    )
    assert (status, PASSWORD in shown) == (0, False)
    assert "Made: Kim, admin." in shown
    assert "Go on?" not in shown  # there was nothing to take over
    status, shown = _at_a_terminal(
        ["people", "password", "Kim"], [(first, "another password"), (again, "something else")]
    )
    assert status == 1
    assert "differ" in shown


def test_what_would_be_taken_over_is_asked_at_a_terminal(run: Run, meeting_file: Path) -> None:
    assert run("import", str(meeting_file)).returncode == 0
    status, shown = _at_a_terminal(["people", "add", "Kim", "--admin"], [("[y/N] ", "n")])
    assert status == 1
    assert shown.splitlines()[-1] == "Nothing was changed."
    assert "Nobody has an account" in run("people", "list").stderr
    status, shown = _at_a_terminal(
        ["people", "add", "Kim", "--admin"],
        [("[y/N] ", "y"), ("Kim: ", PASSWORD), ("more: ", PASSWORD)],
    )
    assert status == 0
    assert "of “Kim”" in shown


_REFUSED = [
    # (arguments, what is typed, what the sentence names)
    (("add", "Kim", "--stdin"), PASSWORD, "--admin"),
    (("add", "local", "--admin", "--stdin"), PASSWORD, "local"),
    (("add", "", "--admin", "--stdin"), PASSWORD, "blank"),
    (("add", "K\u202eim", "--admin", "--stdin"), PASSWORD, "cannot be seen"),
    (("add", "Kim", "--admin", "--stdin"), "short", "at least 10"),
    (("add", "Kim", "--admin", "--stdin"), "", "at least 10"),
    (("add", "Kim", "--admin", "--stdin"), "x" * 2000, "2000"),
    (("add", "Kim", "--admin"), PASSWORD, "--stdin"),
    (("password", "Kim", "--stdin"), PASSWORD, "Kim"),
    (("admin", "Kim"), "", "people list"),
    (("remove", "Kim", "--yes"), "", "people list"),
]


@pytest.mark.parametrize(("arguments", "typed", "named"), _REFUSED)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    arguments: tuple[str, ...],
    typed: str,
    named: str,
    run: Run,
) -> None:
    refused = run("people", *arguments, typed=typed)
    assert refused.returncode == 1
    said = refused.stderr.splitlines()
    assert len(said) == 1
    assert named in said[0]
    assert "Nobody has an account" in run("people", "list").stderr


def test_people_are_made_admins_and_lose_it(run: Run) -> None:
    for arguments in (("Kim", "--admin"), ("Lee",)):
        assert run("people", "add", *arguments, "--stdin", typed=PASSWORD).returncode == 0
    again = run("people", "add", "ＬＥＥ", "--stdin", typed=PASSWORD)
    assert again.returncode == 1
    assert "already called" in again.stderr
    kept = run("people", "admin", "Kim", "--no")
    assert kept.returncode == 1
    assert "only admin" in kept.stderr
    assert run("people", "admin", "lee").returncode == 0
    assert run("people", "admin", "kim", "--no").returncode == 0
    listed = run("people", "list").stdout.splitlines()
    assert [line.split(" · ")[0] for line in listed] == ["Kim", "Lee (admin)"]


def test_somebody_is_removed_with_everything_of_theirs(
    run: Run, meeting_file: Path, tmp_path: Path
) -> None:
    assert run("people", "add", "Kim", "--admin", "--stdin", typed=PASSWORD).returncode == 0
    assert run("people", "add", "Lee", "--stdin", typed=PASSWORD).returncode == 0
    for name in ("Kim", "Lee"):
        assert run("import", str(meeting_file), "--user", name).returncode == 0
    unsaid = run("people", "remove", "Lee")
    assert unsaid.returncode == 1
    assert "--yes" in unsaid.stderr.splitlines()[-1]
    kept = run("people", "remove", "Kim", "--yes")
    assert kept.returncode == 1  # others would be left without an admin
    gone = run("people", "remove", "lee", "--yes", language="ko")
    assert gone.returncode == 0, gone.stderr
    assert "‘Lee’ 계정과 모든 데이터를 삭제했습니다" in gone.stderr
    assert [line.split(" ")[0] for line in run("people", "list").stdout.splitlines()] == ["Kim"]
    app = core.app.get_app()
    assert len(app.meetings.all(app.accounts.called("Kim").id)) == 1
    with app.database.reading() as session:
        assert len(session.exec(select_rows(Meeting)).all()) == 1


def test_a_new_password_ends_all_sign_ins(run: Run) -> None:
    run("people", "add", "Kim", "--admin", "--stdin", typed=PASSWORD)
    app = core.app.get_app()
    app.settings.accounts = True
    token = app.accounts.sign_in("Kim", PASSWORD, address="", agent="")
    assert app.accounts.identity(token)
    set_anew = run("people", "password", "kim", "--stdin", typed="quite another")
    assert set_anew.returncode == 0
    assert app.accounts.identity(token) is None
    assert app.accounts.sign_in("Kim", "quite another", address="", agent="")


def test_a_new_password_says_what_ends_with_it_and_what_stays(run: Run) -> None:
    run("people", "add", "Kim", "--admin", "--stdin", typed=PASSWORD)
    app = core.app.get_app()
    kim = app.accounts.called("Kim").id
    made = [app.tokens.make(kim, name="script", scopes=["read"], days=None) for _ in range(3)]

    def anew(*more: str, language: str = "ko") -> Said:
        arguments = ("people", "password", "Kim", "--stdin", *more)
        said = run(*arguments, typed="quite another", language=language)
        assert said.returncode == 0, said.stderr
        return said

    kept = anew("--keep-tokens").stderr.splitlines()
    assert len(kept) == 2
    assert "API 토큰 3개는 그대로" in kept[1]
    assert all(app.tokens.identity(secret) for _, secret in made)
    ended = anew().stderr.splitlines()
    assert len(ended) == 2
    assert "API 토큰 3개도 폐기" in ended[1]
    assert not any(app.tokens.identity(secret) for _, secret in made)
    app.accounts.link_subject(kim, "issuer kim")
    left = anew(language="en").stderr.splitlines()
    assert len(left) == 2  # no tokens any more, but another way in
    assert "linked at OpenID still signs in" in left[1]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("people",), "WHAT"),
        (("people", "fly"), "fly"),
        (("people", "add"), "NAME"),
        (("people", "list", "--user"), "--user"),
        (("--user",), "--user"),
    ],
)
def test_wrong_usage_is_one_sentence_and_two(
    arguments: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert named in capsys.readouterr().err
