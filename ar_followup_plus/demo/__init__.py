from . import ar_followup_demo
from . import stories
