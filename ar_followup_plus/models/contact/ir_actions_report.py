from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

STATEMENTS = "ar_followup_plus.report_statement"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Statements of many customers, also where wkhtmltopdf can only make one.

        Then each is made for itself, which takes longer, and they are put together.
        """
        run = super()._run_wkhtmltopdf
        try:
            return run(bodies, report_ref=report_ref, **options)
        except UserError:
            if (
                len(bodies) < 2
                or self._get_report(report_ref).report_name != STATEMENTS
            ):
                raise
        return merge_pdf(
            [run([body], report_ref=report_ref, **options) for body in bodies]
        )
