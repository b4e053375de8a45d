# Every target that needs something sets it up first; see dev/ for how.
# Settings: PORT, SERVE, ARGS, REUSE, SCALE, CUSTOMERS, DAYS, EXAMPLES, ODOO_HOME, PGHOST, PGPORT, PGUSER.

RUN = @sh dev/python
.DEFAULT_GOAL := help
.PHONY: help demo screenshots test lint format bench soak shell clean distclean

# Settings may stand after the target, as in `make demo SERVE=0`.
export

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: ## a demo: the day's follow-up, then Odoo on http://localhost:8069 (SERVE=0: stop after the summary; PORT=8070)
	$(RUN) dev/demo.py

screenshots: ## the pictures of the store page and the README, taken from a demo
	$(RUN) dev/demo.py --pictures

test: ## all tests (ARGS="-k name": some of them; REUSE=1: on the last run's database)
	$(RUN) dev/run_tests.py

lint: ## check style: ruff, pylint-odoo, prettier
	$(RUN) dev/lint.py

format: ## put the code in the style that lint checks
	$(RUN) dev/lint.py --fix

pot: ## bring the terms to translate and the French up to date (i18n/)
	$(RUN) dev/pot.py

bench: ## measure the day's follow-up on 2,000 and 20,000 open invoices (SCALE=100000: that many, too)
	$(RUN) dev/bench.py

soak: ## live a year with 2,000 customers, failures and crashes (CUSTOMERS=100 DAYS=60: a short one; EXAMPLES=100: random days)
	$(RUN) dev/soak.py

shell: ## Odoo's Python shell on the demo's database
	$(RUN) dev/shell.py

clean: ## drop this clone's databases, remove generated files, stop the private PostgreSQL
	$(RUN) dev/clean.py

distclean: ## clean, and remove the downloads and the private PostgreSQL too
	$(RUN) dev/clean.py --all
