# The rooms, in the order in which they may use one another.
from . import policy
from . import ledger
from . import case
from . import contact
from . import engine
from . import agreement
