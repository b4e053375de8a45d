from . import res_company
from . import res_config_settings
from . import account_move_line
from . import account_payment
from . import payment_transaction
from . import ar_bank_token
from . import account_bank_statement_line
from . import ar_money_in_transit
