from . import ar_followup_hold_lift
