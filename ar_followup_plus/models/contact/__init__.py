from . import account_move
from . import ar_contact_log
from . import ar_followup_case
from . import ar_followup_reminder
from . import ar_followup_reminder_line
from . import ar_followup_reminder_mail
from . import mail_activity
from . import mail_mail
