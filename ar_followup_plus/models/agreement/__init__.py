from . import ar_approval_mixin
from . import ar_payment_plan
from . import ar_payment_plan_item
from . import ar_payment_plan_line
from . import ar_followup_case
from . import ar_followup_hold
from . import ar_followup_policy
from . import ar_followup_reminder
