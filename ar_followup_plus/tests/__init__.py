from . import test_owned_fields
from . import test_rights
