from . import ar_followup_policy
from . import ar_followup_level
from . import ar_followup_level_guide
from . import mail_template
from . import res_company
from . import res_config_settings
from . import res_partner
