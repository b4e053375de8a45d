# first what the demo builds upon: some of it works differently on its past days
from .. import models as rooms  # noqa: F401
from . import ar_followup_demo
from . import ar_followup_demo_disputes
from . import ar_followup_demo_calls
from . import ar_followup_demo_people
from . import ar_followup_demo_plans
from . import ar_followup_demo_promises
from . import ar_followup_reminder
from . import res_company
from . import stories
from . import stories_disputes
from . import stories_calls
from . import stories_people
