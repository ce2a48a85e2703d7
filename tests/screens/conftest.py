"""The sandbox portal, for the screens to work on."""

from tests.contract.world import world as world
from tests.session.conftest import filled as filled
from tests.session.conftest import portal_base as portal_base
