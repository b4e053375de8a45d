from . import ar_followup_hold_lift
from . import ar_followup_level_example
from . import ar_followup_level_text
from . import ar_followup_reminder_drop
from . import ar_followup_pause
