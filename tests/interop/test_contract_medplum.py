"""The client's whole contract against Medplum's FHIR engine."""

import pytest

from tests.contract.test_presence import *  # noqa: F403
from tests.contract.test_reading import *  # noqa: F403  the tests themselves
from tests.contract.test_sending import *  # noqa: F403
from tests.contract.test_snoozing import *  # noqa: F403
from tests.contract.test_tasks import *  # noqa: F403

pytestmark = pytest.mark.interop
