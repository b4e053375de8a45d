from . import test_owned_fields
from . import test_rights
from . import test_rights_work
from . import test_rights_company
from . import test_ladder
from . import test_year
from . import test_browser
