from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app import ROOT, App, build_app
from core.services.jobs import ENDED
from core.settings import read_settings
from core.store.tables import Job
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.waiting import until


def ended(app: App, job: Job, seconds: float = 90) -> Job:
    """The job once it has ended."""
    until(lambda: app.jobs.get(job.user_id, job.id).state in ENDED, seconds=seconds)
    return app.jobs.get(job.user_id, job.id)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, double: OllamaDouble) -> Iterator[App]:
    """An App whose settings a child process reads from the environment as well."""
    monkeypatch.setenv("MINUTES_OLLAMA_URL", double.url)
    monkeypatch.setenv("MINUTES_NUM_CTX", "4096")
    built = build_app(read_settings())
    yield built
    built.close()


@pytest.fixture
def worker(app: App) -> Iterator[Supervisor]:
    """A real worker process, watched."""
    supervisor = Supervisor(folder=app.settings.folder, root=Path(ROOT))
    supervisor.start()
    yield supervisor
    supervisor.stop()
