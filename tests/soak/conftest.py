from tests.services.conftest import make_meeting

__all__ = ["make_meeting"]
