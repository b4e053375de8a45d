from odoo import api, models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml

STATEMENTS = "ar_followup_plus.report_statement"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Statements of many customers, also where wkhtmltopdf can only make one.

        Then each is made for itself, which takes longer, and they are put together.
        """
        run = super()._run_wkhtmltopdf
        if (
            len(bodies) < 2
            or _wkhtml().is_patched_qt
            or self._get_report(report_ref).report_name != STATEMENTS
        ):
            return run(bodies, report_ref=report_ref, **options)
        return merge_pdf(
            [run([body], report_ref=report_ref, **options) for body in bodies]
        )
