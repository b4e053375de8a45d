from . import collect
from . import facts
from . import record
from . import deliver
from . import ar_followup_case
from . import ar_followup_reminder
from . import ar_followup_mark
from . import ar_followup_run
