from . import ar_followup_demo
from . import ar_followup_demo_plans
from . import res_company
from . import stories
