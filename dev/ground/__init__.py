"""The ground the addon stands on while it is developed.

Odoo 19, its Python environment, PostgreSQL and a browser, set up by the commands
beside this package without anything being installed by hand. Only the standard
library is used here, because nothing else can be counted on before the set-up ran.
"""
